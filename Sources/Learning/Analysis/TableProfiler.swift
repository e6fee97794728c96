/// Analyses one table: every column by itself, against the others, against the target, and along time.
///
/// All counts are over all rows, each column in a few passes and one sort. Pairs of columns are looked at for at most
/// `maximumPairColumns` columns and `maximumPairRows` rows, parts of the time span on at most 10,000 rows each; rows are
/// chosen by a hash of their place, so that the same table gives the same profile.
public struct TableProfiler: Sendable {
    /// The column to be predicted, and the one that gives the rows their time.
    public var target: String?
    public var time: String?
    public var maximumPairColumns = 30
    public var maximumPairRows = 100_000
    /// Columns that are described one by one.
    public var maximumColumns = 500
    /// Parts of the time span.
    public var parts = 12
    public var seed: UInt64 = 0x7469_6465
    /// Reads a text as a time in microseconds since 1970 UTC; `nil` for a text that is none.
    public var timeOfText: @Sendable (String) -> Double? = { _ in nil }
    /// The same of a number that may count seconds; `nil` for one that does not look so.
    public var timeOfNumber: @Sendable (Double) -> Double? = { _ in nil }

    public static let maximumSuspects = 100

    public init(target: String? = nil, time: String? = nil) {
        self.target = target
        self.time = time
    }

    /// - Throws: `LearningError` for a table without a row, for a target or time that it has not, and for a column of
    ///   times without one.
    public func run(_ table: Table) throws(LearningError) -> TableProfile {
        guard table.rowCount > 0 else {
            throw LearningError(
                .noRows, "the table has \(table.columns.count) columns and no row",
                advice: "Give a table with at least one row.")
        }
        if let target { _ = try table.column(named: target) }
        let axis = try time.map { name throws(LearningError) in try self.axis(table.column(named: name)) }
        var work = ProfileWork(self, table)
        work.lookAtColumns()
        return work.finish(axis)
    }

    /// Numbers that count seconds become times where all of them do; others are an order.
    private func axis(_ column: TableColumn) throws(LearningError) -> TimeAxis {
        let times: [Double]
        var isCalendar = true
        switch column.values {
        case .numeric(let numbers):
            let calendar = numbers.map { $0.isFinite ? timeOfNumber($0) : .nan }
            isCalendar = calendar.allSatisfy { $0 != nil }
            times = isCalendar ? calendar.map { $0 ?? .nan } : numbers
        case .boolean: times = column.values.missingTimes
        case .categorical(let codes, let names):
            let known = names.map { timeOfText($0) ?? .nan }
            times = codes.map { $0 < 0 ? .nan : known[Int($0)] }
        }
        let readable = times.count { $0.isFinite }
        guard readable > 0, 2 * readable >= column.count - column.missingCount else {
            let example = (0..<column.count).first { !times[$0].isFinite && column.text(at: $0) != nil }
            let found = example.map { ": \"\(column.text(at: $0) ?? "")\", row \($0 + 1)" } ?? ""
            throw LearningError(
                .invalidInput, "the column \"\(column.name)\" holds no times\(found)",
                advice: "Name a column of times such as 2026-10-01T08:00:00Z, of epoch seconds, or of rising numbers.")
        }
        return TimeAxis(column: column.name, isCalendar: isCalendar, times: times)
    }
}

extension ColumnStorage {
    fileprivate var missingTimes: [Double] {
        if case .boolean(let flags) = self { return flags.map { _ in .nan } }
        return []
    }
}
