import Statistics

/// Looks for the shortest interval at which the columns' held-out distances no longer depend on each other.
struct EmpiricalSearch {
    /// Of the interval found.
    private(set) var panes: Int64 = 1
    /// `nil` for columns that stay dependent at this length, or lack data.
    private(set) var columns: [EmpiricalColumn?]

    /// Fewer intervals than this rank nothing.
    static let minimumIntervals = 100
    private static let lengths: [Int64] = [1, 2, 3, 4, 6, 8, 12, 24, 48, 168]

    init(settings: DriftDetectorSettings, reference: ReferenceProfile, chunks: ReferenceChunks) {
        let all = reference.allColumns
        columns = all.map { _ in nil }
        let signals = all.map { ColumnSignals(reference: $0) }
        let watched = all.indices.filter { settings.watches(all[$0]) }
        var best = 0
        for length in Self.lengths {
            let groups = chunks.grouped(panes: length)
            guard groups.count >= Self.minimumIntervals else { break }
            let sizes = groups.map(\.summary.events).sorted()
            guard sizes[sizes.count / 2] >= settings.minimumSample else { continue }
            // The first and the last may be cut off, others may lie in a quiet hour.
            let full = groups.filter { $0.summary.events * 2 >= settings.minimumSample }
            let found = all.indices.map { index -> EmpiricalColumn? in
                guard watched.contains(index) else { return nil }
                return Self.calibrated(
                    full, column: index, signals: signals[index], settings: settings,
                    intervalMicroseconds: chunks.paneMicroseconds * length)
            }
            let count = found.count { $0 != nil }
            if count > best { (best, panes, columns) = (count, length, found) }
            if count == watched.count { return }
        }
    }

    private static func calibrated(
        _ groups: [ReferenceChunks.Chunk], column: Int, signals: ColumnSignals, settings: DriftDetectorSettings,
        intervalMicroseconds: Int64
    ) -> EmpiricalColumn? {
        let means = groups.map { signals.means($0.summary.columns[column]) }
        // What was there in too few of the intervals cannot be told from its season.
        let isKnown = signals.changes.indices.map { index in
            means.count { $0[index] != nil } >= minimumIntervals
        }
        guard isKnown.contains(true) else { return nil }
        let smallest = zip(signals.isLocation, signals.deviations).map { isLocation, deviation in
            isLocation || deviation == 1 ? settings.smallest.shift : settings.smallest.share / deviation
        }
        let sizes = groups.map(\.summary.events).sorted()
        let chance = 1 / Double(max(1, sizes[sizes.count / 2])).squareRoot()
        let found = EmpiricalColumn(
            means: means.map { row in zip(row, isKnown).map { $1 ? $0 : nil } },
            starts: groups.map(\.startMicroseconds),
            intervalMicroseconds: intervalMicroseconds, smallest: smallest,
            leastDeviations: zip(signals.isExceptional, isKnown).map {
                $1 ? ($0 ? chance : 0) : EmpiricalColumn.unknownDeviation
            })
        // What chance alone leaves of the largest of several correlations of independent intervals.
        let allowed = max(0.1, 3.3 / Double(means.count).squareRoot())
        return found.dependence <= allowed ? found : nil
    }
}
