import Storage

extension Table {
    /// Reads a CSV file with a header or JSON lines (one flat object a line), either of them gzip-compressed or not;
    /// it is JSON if the first byte that is not blank is `{`.
    ///
    /// A column is numeric if every cell that is not missing is a decimal number or an infinity, boolean if all are
    /// `true` or `false`, else categorical. Missing are: an empty cell, the texts of `MissingText`, and an
    /// absent key.
    /// A pipe, such as `/dev/stdin` or `<(…)`, and `-` for standard input are read once and kept beside meanwhile.
    /// - Throws: `StorageError` when the file cannot be read or is no proper CSV, with its line; `LearningError` for a
    ///   bad JSON line, an empty file, or more than `maximumRows`.
    public static func read(path: String, maximumRows: Int = 10_000_000) throws -> Table {
        let file = try SpooledFile(path: path)
        let name = path == "-" ? "standard input" : path
        do {
            return try read(file, name: name, maximumRows: maximumRows)
        } catch let error as StorageError where error.path == file.path {
            throw StorageError(error.code, error.message, path: name, line: error.line)
        }
    }

    private static func read(_ file: SpooledFile, name: String, maximumRows: Int) throws -> Table {
        let reading = TableReading(
            path: file.path, name: name, maximumRows: maximumRows, isJSON: try isJSON(file, name: name))
        let first = try reading.builders(categorical: nil)
        let conflicting = Set(first.filter(\.isConflicting).map(\.name))
        guard !conflicting.isEmpty else { return try Table(columns: first.map { $0.column() }) }
        var reread: [String: TableColumn] = [:]
        for builder in try reading.builders(categorical: conflicting) { reread[builder.name] = builder.column() }
        return try Table(columns: first.map { reread[$0.name] ?? $0.column() })
    }

    private static func isJSON(_ file: SpooledFile, name: String) throws -> Bool {
        let lines = try LineReader(path: file.path)
        while let line = try lines.next() {
            let text = NumberText.trimmed(line)
            guard let first = text.first else { continue }
            let second = text.dropFirst().first { $0 != 0x20 && $0 != 0x09 }
            // A column may be called "[a"; a list of objects is nothing but that.
            if first == UInt8(ascii: "["), second == nil || second == UInt8(ascii: "{") {
                throw LearningError(
                    .invalidInput, "\(name) is one JSON list, and JSON lines are expected: one object a line",
                    advice: "Convert it: jq -c '.[]' FILE > LINES.jsonl.")
            }
            return first == UInt8(ascii: "{")
        }
        throw LearningError(.noRows, "\(name) is empty", advice: "Give a CSV file with a header line, or JSON lines.")
    }
}

/// The passes over one file: the second, for columns whose kind was found too late, reads only these.
struct TableReading {
    let path: String
    /// What messages call it.
    let name: String
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
        let rows = JSONRowReader(path: name, categorical: categorical)
        while let line = try lines.next() {
            try rows.read(line: line, number: lines.lineNumber)
            if rows.rowCount > maximumRows { throw tooManyRows(line: lines.lineNumber) }
        }
        return rows.finish()
    }

    private func tooManyRows(line: Int) -> LearningError {
        LearningError(
            .tooManyRows, "\(name) has more than \(maximumRows) rows (line \(line))",
            advice: "Read a smaller file or raise maximumRows.")
    }
}
