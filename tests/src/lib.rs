//! commonweal-tests
