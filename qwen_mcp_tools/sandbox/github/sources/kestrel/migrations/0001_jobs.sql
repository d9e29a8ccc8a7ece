-- A mirror of the log for dashboards; the files stay the truth.
CREATE TABLE jobs (
    id          BIGINT PRIMARY KEY,
    key         TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('stored', 'running', 'done', 'given_up')),
    attempts    INTEGER NOT NULL DEFAULT 0,
    stored_at   TIMESTAMP NOT NULL
);

CREATE INDEX jobs_by_state ON jobs (state, stored_at);
