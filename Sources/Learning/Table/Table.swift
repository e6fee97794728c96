/// Rows in columns: typed, with missing cells as a value of their own.
public struct Table: Sendable, Equatable {
    public let columns: [TableColumn]
    public let rowCount: Int
    /// By name, of tables with many columns: a search for each of 50,000 takes a minute.
    private let positions: [String: Int]

    /// Up to so many columns are searched: to number them would cost more than all searches in a row that is served alone.
    private static let searchedColumns = 1_000

    /// - Throws: `LearningError` when two columns share a name or the lengths differ.
    public init(columns: [TableColumn]) throws(LearningError) {
        var names: Set<String> = []
        for column in columns {
            guard names.insert(column.name).inserted else {
                throw LearningError(
                    .duplicateColumn, "two columns are named \"\(column.name)\"", advice: "Rename one of them.")
            }
            guard column.count == columns[0].count else {
                throw LearningError(
                    .unequalColumns,
                    "column \"\(column.name)\" has \(column.count) rows, \"\(columns[0].name)\" has \(columns[0].count)",
                    advice: "Give every column one cell per row; mark absent cells as missing.")
            }
        }
        self.init(checked: columns, rowCount: columns.first?.count ?? 0)
    }

    /// For columns already known to be of one length and of different names.
    init(checked columns: [TableColumn], rowCount: Int) {
        var positions: [String: Int] = [:]
        if columns.count > Self.searchedColumns {
            positions.reserveCapacity(columns.count)
            for (index, column) in columns.enumerated() { positions[column.name] = index }
        }
        self.init(columns, rowCount, positions)
    }

    private init(_ columns: [TableColumn], _ rowCount: Int, _ positions: [String: Int]) {
        self.columns = columns
        self.rowCount = rowCount
        self.positions = positions
    }

    public subscript(name: String) -> TableColumn? {
        columns.count > Self.searchedColumns
            ? positions[name].map { columns[$0] } : columns.first { $0.name == name }
    }

    public var columnNames: [String] { columns.map(\.name) }

    /// The rows of a range, in order; categories keep their codes.
    public func rows(_ range: Range<Int>) -> Table {
        Table(columns.map { $0.rows(range) }, range.count, positions)
    }

    /// The rows at the given indices, in the given order.
    public func rows(_ indices: [Int]) -> Table {
        Table(columns.map { $0.rows(indices) }, indices.count, positions)
    }

    /// The columns of the given names, in that order.
    /// - Throws: `LearningError(.unknownColumn)` for a name the table has not.
    public func selecting(_ names: [String]) throws(LearningError) -> Table {
        var chosen: [TableColumn] = []
        for name in names { chosen.append(try column(named: name)) }
        return try Table(columns: chosen)
    }

    /// The table without the named columns; names it has not are ignored.
    public func dropping(_ names: Set<String>) -> Table {
        Table(checked: columns.filter { !names.contains($0.name) }, rowCount: rowCount)
    }

    func column(named name: String) throws(LearningError) -> TableColumn {
        if let column = self[name] { return column }
        throw unknownColumn(name)
    }

    func unknownColumn(_ name: String) -> LearningError {
        LearningError(
            .unknownColumn, "there is no column \"\(name)\"",
            advice: "The table has: \(columnNames.prefix(40).joined(separator: ", ")).")
    }

    /// Memory of the cells, about; texts of categories apart, which columns share.
    var bytes: Int {
        columns.reduce(0) { sum, column in
            switch column.values {
            case .numeric(let numbers): sum + 8 * numbers.count
            case .categorical(let codes, _): sum + 4 * codes.count
            case .boolean(let flags): sum + flags.count
            }
        }
    }
}
