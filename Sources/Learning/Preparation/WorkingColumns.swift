import Statistics

/// The columns that the steps of a preparation work on, one step after the other.
///
/// Columns are found by name in constant time, since a table may have 50,000 of them.
struct WorkingColumns {
    private(set) var features: [TableColumn]
    /// Target, weight, group, time, and columns that are not learned from.
    private(set) var others: [TableColumn]
    private(set) var rowCount: Int
    /// Features count from 0 up, the others from -1 down.
    private var positions: [String: Int] = [:]

    init(features: [TableColumn], others: [TableColumn], rowCount: Int) {
        self.features = features
        self.others = others
        self.rowCount = rowCount
        number()
    }

    var featureNames: [String] { features.map(\.name) }

    func has(_ name: String) -> Bool { positions[name] != nil }

    func isFeature(_ name: String) -> Bool { positions[name].map { $0 >= 0 } ?? false }

    /// - Throws: `.corruptModel`: at fitting a step asks only for names that are there, and what it was fitted on is
    ///   there again whenever it is applied.
    func column(_ name: String) throws(LearningError) -> TableColumn {
        guard let position = positions[name] else {
            throw LearningError(
                .corruptModel, "a fitted step wants the column \"\(name)\", which no step before it makes",
                advice: "Restore the preparation from a copy, or fit it again.")
        }
        return position >= 0 ? features[position] : others[-1 - position]
    }

    /// The cells as numbers, NaN where missing; texts that are no numbers count as missing.
    func numbers(_ name: String) throws(LearningError) -> [Double] { try column(name).numbers() }

    /// The cells as codes of categories; numbers and booleans are taken by their text.
    func categories(_ name: String) throws(LearningError) -> (codes: [Int32], categories: [String]) {
        try column(name).categories()
    }

    mutating func replace(_ name: String, with values: ColumnStorage) throws(LearningError) {
        let old = try column(name)
        precondition(isFeature(name) && TableColumn(name: name, values: values).count == old.count)
        features[positions[name] ?? 0] = TableColumn(name: name, values: values)
    }

    /// Changes the numbers of a feature, where they are if nothing else holds them; a boolean column becomes numeric.
    mutating func update(_ name: String, _ change: (inout [Double]) -> Void) throws(LearningError) {
        var values = try column(name).values
        guard let position = positions[name], position >= 0 else { return }
        // The table lets go of the cells first, so that they need not be copied.
        features[position] = TableColumn(name: name, values: .boolean([]))
        if case .numeric(var numbers) = values {
            values = .boolean([])
            change(&numbers)
            features[position] = TableColumn(name: name, values: .numeric(numbers))
            return
        }
        var numbers = TableColumn(name: name, values: values).numbers()
        change(&numbers)
        features[position] = TableColumn(name: name, values: .numeric(numbers))
    }

    /// Adds a feature behind the others.
    /// - Throws: `.duplicateColumn` if the name is taken.
    mutating func append(_ column: TableColumn) throws(LearningError) {
        precondition(column.count == rowCount)
        guard positions[column.name] == nil else {
            throw LearningError(
                .duplicateColumn, "a preparation step makes the column \"\(column.name)\", which is there already",
                advice: "Rename that column, or leave one of the two steps out.")
        }
        positions[column.name] = features.count
        features.append(column)
    }

    /// Takes features out; other names are ignored.
    mutating func remove(_ names: Set<String>) {
        guard !names.isEmpty else { return }
        features.removeAll { names.contains($0.name) }
        number()
    }

    mutating func keep(rows: [Int]) {
        features = features.map { $0.rows(rows) }
        others = others.map { $0.rows(rows) }
        rowCount = rows.count
    }

    /// The features, then the others.
    func table() -> Table { Table(checked: features + others, rowCount: rowCount) }

    private mutating func number() {
        positions.removeAll(keepingCapacity: true)
        positions.reserveCapacity(features.count + others.count)
        for (index, column) in features.enumerated() { positions[column.name] = index }
        for (index, column) in others.enumerated() { positions[column.name] = -1 - index }
    }
}
