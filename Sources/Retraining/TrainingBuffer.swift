public import Windowing

/// The newest labelled rows, bounded in number and in event time. What it holds does not depend on the order in which
/// the rows came.
public struct TrainingBuffer: Sendable {
    private let maximumRows: Int
    private let windowMicroseconds: Int64
    /// In the order of prediction time and identifier, each identifier and version once.
    public private(set) var rows: [LabelledRow] = []

    /// - Parameters:
    ///   - maximumRows: the newest rows that are kept.
    ///   - windowMicroseconds: rows older than this before the newest one are dropped.
    public init(maximumRows: Int, windowMicroseconds: Int64) {
        self.maximumRows = maximumRows
        self.windowMicroseconds = windowMicroseconds
    }

    /// Adds rows; those that are there already are left out. Takes the time of the rows newer than the oldest new one, and
    /// not of all: a stream adds a few with every pane.
    public mutating func append(_ new: [LabelledRow]) {
        let sorted = new.sorted(by: Self.isBefore)
        guard let first = sorted.first else { return }
        let place = firstIndex(notBefore: first)
        var tail = Array(rows[place...]) + sorted
        if place < rows.count { tail.sort(by: Self.isBefore) }
        rows.removeSubrange(place...)
        for row in tail where rows.last.map({ !Self.isSame($0, row) }) ?? true { rows.append(row) }
        let oldest = (rows.last?.predictionMicroseconds ?? 0) - windowMicroseconds
        let expired = rows.firstIndex { $0.predictionMicroseconds >= oldest } ?? rows.count
        rows.removeFirst(max(expired, rows.count - maximumRows))
    }

    private func firstIndex(notBefore row: LabelledRow) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.isBefore(rows[middle], row) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func isBefore(_ left: LabelledRow, _ right: LabelledRow) -> Bool {
        (left.predictionMicroseconds, left.identifier, left.version)
            < (right.predictionMicroseconds, right.identifier, right.version)
    }

    private static func isSame(_ left: LabelledRow, _ right: LabelledRow) -> Bool {
        left.identifier == right.identifier && left.version == right.version
            && left.predictionMicroseconds == right.predictionMicroseconds
    }
}
