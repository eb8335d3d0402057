//! commonweal-migrations
