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

    /// Adds rows; those that are there already are left out.
    public mutating func append(_ new: [LabelledRow]) {
        guard !new.isEmpty else { return }
        rows.append(contentsOf: new)
        rows.sort(by: Self.isBefore)
        var kept: [LabelledRow] = []
        kept.reserveCapacity(rows.count)
        for row in rows where kept.last.map({ !Self.isSame($0, row) }) ?? true { kept.append(row) }
        if let newest = kept.last {
            let oldest = newest.predictionMicroseconds - windowMicroseconds
            kept = Array(kept.drop { $0.predictionMicroseconds < oldest }.suffix(maximumRows))
        }
        rows = kept
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
