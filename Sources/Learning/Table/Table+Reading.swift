import Storage

extension Table {
    /// Reads a CSV file with a header or JSON lines (one flat object a line), either of them gzip-compressed or not;
    /// it is JSON if the first byte that is not blank is `{`.
    ///
    /// A column is numeric if every cell that is not missing is a decimal number or an infinity, boolean if all are
    /// `true` or `false`, else categorical. Missing are: an empty cell, the texts of `MissingText`, and an
    /// absent key.
    /// - Throws: `StorageError` when the file cannot be read or is no proper CSV, with its line; `LearningError` for a
    ///   bad JSON line, an empty file, or more than `maximumRows`.
    public static func read(path: String, maximumRows: Int = 10_000_000) throws -> Table {
        let reading = TableReading(path: path, maximumRows: maximumRows, isJSON: try isJSON(path: path))
        let first = try reading.builders(categorical: nil)
        let conflicting = Set(first.filter(\.isConflicting).map(\.name))
        guard !conflicting.isEmpty else { return try Table(columns: first.map { $0.column() }) }
        var reread: [String: TableColumn] = [:]
        for builder in try reading.builders(categorical: conflicting) { reread[builder.name] = builder.column() }
        return try Table(columns: first.map { reread[$0.name] ?? $0.column() })
    }

    private static func isJSON(path: String) throws -> Bool {
        let lines = try LineReader(path: path)
        while let line = try lines.next() {
            if let byte = NumberText.trimmed(line).first { return byte == UInt8(ascii: "{") }
        }
        throw LearningError(.noRows, "\(path) is empty", advice: "Give a CSV file with a header line, or JSON lines.")
    }
}

/// The passes over one file: the second, for columns whose kind was found too late, reads only these.
struct TableReading {
    let path: String
    let maximumRows: Int
    let isJSON: Bool

    /// - Parameter categorical: if given, only these columns are read, as categorical ones.
    func builders(categorical: Set<String>?) throws -> [ColumnBuilder] {
        isJSON ? try jsonBuilders(categorical) : try csvBuilders(categorical)
    }

    private func csvBuilders(_ categorical: Set<String>?) throws -> [ColumnBuilder] {
        var reader = try CSVReader(path: path)
        let wanted = reader.header.indices.filter { categorical?.contains(reader.header[$0]) ?? true }
        var builders = wanted.map {
            ColumnBuilder(name: reader.header[$0], isCategorical: categorical != nil, missing: 0)
        }
        var rows = 0
        while let row = try reader.nextRow() {
            rows += 1
            if rows > maximumRows { throw tooManyRows(line: reader.lineNumber) }
            for index in builders.indices { builders[index].append(cell: row[wanted[index]]) }
        }
        return builders
    }

    private func jsonBuilders(_ categorical: Set<String>?) throws -> [ColumnBuilder] {
        let lines = try LineReader(path: path)
        let rows = JSONRowReader(path: path, categorical: categorical)
        while let line = try lines.next() {
            try rows.read(line: line, number: lines.lineNumber)
            if rows.rowCount > maximumRows { throw tooManyRows(line: lines.lineNumber) }
        }
        return rows.finish()
    }

    private func tooManyRows(line: Int) -> LearningError {
        LearningError(
            .tooManyRows, "\(path) has more than \(maximumRows) rows (line \(line))",
            advice: "Read a smaller file or raise maximumRows.")
    }
}
