/// The tables of a checkpoint file.
///
/// A part's bytes lie in `part_blob` under their SHA-256, so that an unchanged part costs a row of a few bytes. Appended
/// rows carry the generation that brought them; a deletion is a mark of its generation, so that the older checkpoint
/// still sees the rows, and is carried out when that one goes.
enum CheckpointSchema {
    static let migrations = [
        SchemaMigration(
            name: "checkpoint-1",
            sql: """
                CREATE TABLE checkpoint (
                    generation INTEGER PRIMARY KEY AUTOINCREMENT,
                    created_us INTEGER,
                    part_count INTEGER NOT NULL
                ) STRICT;
                CREATE TABLE part_blob (
                    sha256 BLOB PRIMARY KEY,
                    bytes BLOB NOT NULL
                ) STRICT;
                CREATE TABLE checkpoint_part (
                    generation INTEGER NOT NULL,
                    name TEXT NOT NULL,
                    sha256 BLOB NOT NULL,
                    PRIMARY KEY (generation, name)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE appended (
                    series TEXT NOT NULL,
                    position INTEGER NOT NULL,
                    generation INTEGER NOT NULL,
                    sha256 BLOB NOT NULL,
                    bytes BLOB NOT NULL,
                    UNIQUE (series, position, generation)
                ) STRICT;
                CREATE TABLE deletion (
                    generation INTEGER NOT NULL,
                    series TEXT NOT NULL,
                    before INTEGER NOT NULL,
                    PRIMARY KEY (generation, series)
                ) STRICT, WITHOUT ROWID;
                """)
    ]
}
