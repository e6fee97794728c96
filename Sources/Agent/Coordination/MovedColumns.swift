import Detection

/// Which columns of a version had drifted when, until its pairs of that time have been judged.
///
/// Pairs close later than predictions, and how much later differs between a run and its repetition. A window of pairs
/// is therefore told what had drifted by its own end, not what has drifted by now.
struct MovedColumns: Codable, Equatable {
    private struct Entry: Codable, Equatable {
        var endMicroseconds: Int64
        var columns: ColumnAttribution
    }

    /// The most windows that are kept of each kind; beyond that pairs are told nothing.
    private static let maximumEntries = 300

    private var calibrated: [Entry] = []
    private var byRules: [Entry] = []

    /// Windows come in the order of their ends; one without any column that could be judged says nothing.
    mutating func add(_ columns: ColumnAttribution?, isCalibrated: Bool, endMicroseconds: Int64) {
        guard let columns else { return }
        let entry = Entry(endMicroseconds: endMicroseconds, columns: columns)
        if isCalibrated { Self.append(entry, to: &calibrated) } else { Self.append(entry, to: &byRules) }
    }

    /// The newest by `endMicroseconds`, of calibrated detection before that of `rules`, one with drifted columns before
    /// one without. Forgets what no later window of pairs can ask for.
    mutating func take(by endMicroseconds: Int64) -> ColumnAttribution? {
        let found = [
            Self.newest(&calibrated, by: endMicroseconds), Self.newest(&byRules, by: endMicroseconds),
        ].compactMap(\.self)
        return found.first { $0.drifted > 0 } ?? found.first
    }

    private static func append(_ entry: Entry, to entries: inout [Entry]) {
        entries.append(entry)
        if entries.count > maximumEntries { entries.removeFirst(entries.count - maximumEntries) }
    }

    private static func newest(_ entries: inout [Entry], by endMicroseconds: Int64) -> ColumnAttribution? {
        guard let index = entries.lastIndex(where: { $0.endMicroseconds <= endMicroseconds }) else { return nil }
        entries.removeFirst(index)
        return entries[0].columns
    }
}
