"""What every part stands on: settings, errors, clock, ids, logs, the database, stored bytes."""
