import Storage

/// A mapping with its columns found in a file's header.
struct CSVLayout {
    let header: [String]
    let prediction: Int?
    let score: Int?
    let value: Int?
    let outcome: Int?
    let time: Int?
    let id: Int?
    let features: [(name: String, column: Int, isText: Bool)]
    let outcomeIsValue: Bool

    /// - Throws: `malformed` for a column that the file does not have, and for rows that would have no time.
    init(_ mapping: CSVMapping, header: [String], path: String) throws(StorageError) {
        func column(_ name: String?) throws(StorageError) -> Int? {
            guard let name else { return nil }
            guard let index = header.firstIndex(of: name) else {
                throw StorageError(
                    .malformed, "there is no column \"\(name)\"; the columns are \(header.joined(separator: ", "))",
                    path: path, line: 1)
            }
            return index
        }
        self.header = header
        prediction = try column(mapping.predictionColumn)
        score = try column(mapping.scoreColumn)
        value = try column(mapping.valueColumn)
        outcome = try column(mapping.outcomeColumn)
        time = try column(mapping.timeColumn)
        id = try column(mapping.idColumn)
        outcomeIsValue = mapping.outcomeIsValue ?? (mapping.valueColumn != nil && mapping.predictionColumn == nil)
        guard time != nil || (mapping.startMicroseconds != nil && mapping.stepMicroseconds != nil) else {
            throw StorageError(
                .malformed, "no column holds the time; name one (--time-column)", path: path, line: 1)
        }
        var left: Set<Int> = []
        for index in [prediction, score, value, outcome, time, id] {
            if let index { left.insert(index) }
        }
        for name in mapping.excludedColumns {
            if let index = try column(name) { left.insert(index) }
        }
        var columns: [Int] = []
        if let named = mapping.featureColumns {
            for name in named {
                if let index = try column(name) { columns.append(index) }
            }
        } else {
            columns = header.indices.filter { !left.contains($0) }
        }
        features = columns.map { (name: header[$0], column: $0, isText: mapping.textColumns.contains(header[$0])) }
    }
}
