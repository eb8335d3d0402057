//! commonweal-cli
