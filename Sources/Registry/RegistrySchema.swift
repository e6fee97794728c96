import GRDB
public import Storage

extension ModelRegistry {
    /// The tables of the registry, for the database's owner. The ledger refuses changes and deletions itself.
    public static let migrations = [
        SchemaMigration(
            name: "registry-1",
            sql: """
                CREATE TABLE version (
                    model TEXT NOT NULL,
                    number INTEGER NOT NULL,
                    state TEXT NOT NULL,
                    created_us INTEGER NOT NULL,
                    artifact TEXT,
                    artifact_bytes INTEGER NOT NULL,
                    reference TEXT,
                    lineage TEXT NOT NULL,
                    PRIMARY KEY (model, number)
                ) STRICT;
                CREATE UNIQUE INDEX version_champion ON version (model) WHERE state = 'champion';
                CREATE TABLE ledger (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    at_us INTEGER NOT NULL,
                    model TEXT NOT NULL,
                    version TEXT NOT NULL,
                    previous TEXT,
                    event TEXT NOT NULL,
                    reason TEXT NOT NULL
                ) STRICT;
                CREATE INDEX ledger_model ON ledger (model, sequence);
                CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
                BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
                CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
                BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
                CREATE TABLE publication (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    sequence INTEGER NOT NULL
                ) STRICT;
                INSERT INTO publication VALUES (1, 0);
                CREATE TABLE demand (
                    model TEXT PRIMARY KEY,
                    at_us INTEGER NOT NULL
                ) STRICT;
                """),
        SchemaMigration(
            name: "registry-2",
            sql: """
                CREATE TABLE anchor (
                    model TEXT PRIMARY KEY,
                    version TEXT NOT NULL,
                    reference TEXT NOT NULL
                ) STRICT;
                INSERT INTO anchor
                SELECT model, CAST(number AS TEXT), reference FROM version AS first
                WHERE reference IS NOT NULL AND number = (
                    SELECT min(number) FROM version WHERE model = first.model AND reference IS NOT NULL);
                """),
        SchemaMigration(
            name: "registry-3",
            sql: """
                CREATE TABLE effect (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
                    model TEXT NOT NULL,
                    version TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    command INTEGER UNIQUE,
                    predecessor TEXT,
                    reference TEXT,
                    predictions_us INTEGER NOT NULL,
                    pairs_us INTEGER NOT NULL,
                    learned_through_us INTEGER
                ) STRICT;
                CREATE INDEX effect_model ON effect (model, sequence);
                CREATE TRIGGER effect_no_update BEFORE UPDATE ON effect
                BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
                CREATE TRIGGER effect_no_delete BEFORE DELETE ON effect
                BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
                CREATE TABLE effect_publication (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    sequence INTEGER NOT NULL
                ) STRICT;
                INSERT INTO effect_publication VALUES (1, 0);
                """),
        SchemaMigration(name: "registry-4", sql: "ALTER TABLE version ADD COLUMN stretches TEXT"),
    ]
}
