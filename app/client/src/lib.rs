//! commonweal-client
