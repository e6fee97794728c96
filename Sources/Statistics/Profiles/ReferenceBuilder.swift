/// Builds a `ReferenceProfile` from a table, or row by row.
///
/// The profile depends on the values of each column and on the columns' order, not on the order of the rows.
public struct ReferenceBuilder: Sendable {
    /// The values of one column, one per row.
    public enum ColumnValues: Sendable {
        /// NaN is missing, ±∞ is invalid.
        case numeric([Double])
        /// `nil` is missing; categories are compared byte for byte.
        case categorical([String?])
        /// `nil` is missing.
        case boolean([Bool?])

        public var kind: ColumnKind {
            switch self {
            case .numeric: .numeric
            case .categorical: .categorical
            case .boolean: .boolean
            }
        }

        public var count: Int {
            switch self {
            case .numeric(let values): values.count
            case .categorical(let values): values.count
            case .boolean(let values): values.count
            }
        }
    }

    private let names: [String]
    private let kinds: [ColumnKind]
    private var numbers: [[Double]]
    private var texts: [[String?]]
    private var flags: [[Bool?]]

    public init(columns: [(name: String, kind: ColumnKind)]) {
        names = columns.map(\.name)
        kinds = columns.map(\.kind)
        numbers = Array(repeating: [], count: columns.count)
        texts = Array(repeating: [], count: columns.count)
        flags = Array(repeating: [], count: columns.count)
    }

    /// NaN is missing, ±∞ is invalid. - Precondition: the column is numeric.
    public mutating func add(numeric value: Double, column: Int) {
        precondition(kinds[column] == .numeric, "column \(column) is \(kinds[column].rawValue)")
        numbers[column].append(value)
    }

    /// - Precondition: the column is categorical.
    public mutating func add(category value: String, column: Int) {
        precondition(kinds[column] == .categorical, "column \(column) is \(kinds[column].rawValue)")
        texts[column].append(value)
    }

    /// - Precondition: the column is boolean.
    public mutating func add(boolean value: Bool, column: Int) {
        precondition(kinds[column] == .boolean, "column \(column) is \(kinds[column].rawValue)")
        flags[column].append(value)
    }

    public mutating func addMissing(column: Int) {
        switch kinds[column] {
        case .numeric: numbers[column].append(.nan)
        case .categorical: texts[column].append(nil)
        case .boolean: flags[column].append(nil)
        }
    }

    /// The profile of what was added. Columns with fewer values than the longest are filled with missing ones.
    public func finish() -> ReferenceProfile {
        Self.build(
            columns: names.indices.map { index in
                switch kinds[index] {
                case .numeric: (name: names[index], values: .numeric(numbers[index]))
                case .categorical: (name: names[index], values: .categorical(texts[index]))
                case .boolean: (name: names[index], values: .boolean(flags[index]))
                }
            })
    }

    /// The profile of a table. Columns with fewer values than the longest are filled with missing ones.
    /// - Parameter predictions: the model's own output on the same rows.
    public static func build(
        columns: [(name: String, values: ColumnValues)], predictions: (name: String, values: ColumnValues)? = nil
    ) -> ReferenceProfile {
        let rows = (columns + (predictions.map { [$0] } ?? [])).map(\.values.count).max() ?? 0
        func reference(_ column: (name: String, values: ColumnValues)) -> ColumnReference {
            Self.column(column.name, column.values, rows: rows)
        }
        return ReferenceProfile(
            rows: Int64(rows), columns: columns.map(reference), predictions: predictions.map(reference))
    }

    /// The reference of one column by itself, of as many rows as it has values: for predictions of some of the rows.
    public static func column(_ name: String, _ values: ColumnValues) -> ColumnReference {
        column(name, values, rows: values.count)
    }

    private static func column(_ name: String, _ values: ColumnValues, rows: Int) -> ColumnReference {
        var parts = Self.parts(values)
        parts.missing += Int64(rows - values.count)
        return ColumnReference(unchecked: name, kind: values.kind, parts)
    }

    private static func parts(_ values: ColumnValues) -> ColumnReference.Parts {
        switch values {
        case .numeric(let values): numericParts(values)
        case .categorical(let values): categoricalParts(values)
        case .boolean(let values): booleanParts(values)
        }
    }
}
