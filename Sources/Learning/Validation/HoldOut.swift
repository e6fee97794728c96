import Statistics

/// One division of a table into rows for everything that is learned and rows that are only judged by.
public enum HoldOut: Codable, Sendable, Equatable {
    /// A random share; classes stay in proportion, and groups (if the problem has some) whole.
    case random(share: Double)
    /// The newest share by the problem's time column.
    case newest(share: Double)

    /// By time if the problem has a time column, else at random.
    public static func natural(for problem: LearningProblem, share: Double) -> HoldOut {
        problem.time == nil ? .random(share: share) : .newest(share: share)
    }

    /// - Throws: `LearningError`: `.invalidParameter` for a share outside (0, 1); `.noRows` if one side would be empty.
    public func split(_ table: Table, problem: LearningProblem, seed: UInt64) throws(LearningError) -> Fold {
        let share =
            switch self {
            case .random(let share), .newest(let share): share
            }
        guard share > 0, share < 1 else {
            throw LearningError(
                .invalidParameter, "a hold-out of \(share) of the rows", advice: "Give a share between 0 and 1.")
        }
        let target = TargetCells(try table.column(named: problem.target), task: problem.task)
        let rows = target.known
        guard rows.count >= 2 else {
            throw LearningError(
                .noRows, "\(rows.count) rows have a target", advice: "Give at least two rows with a target.")
        }
        let fold =
            switch self {
            case .newest: try newest(table, problem, rows, share)
            case .random: try random(table, problem, rows, target, share, seed)
            }
        guard !fold.train.isEmpty, !fold.test.isEmpty else {
            throw LearningError(
                .noRows,
                "a hold-out of \(share) leaves \(fold.train.count) rows to learn from and \(fold.test.count) to judge by",
                advice: "Give more rows, groups or times.")
        }
        return fold
    }

    private func newest(
        _ table: Table, _ problem: LearningProblem, _ rows: [Int], _ share: Double
    ) throws(LearningError) -> Fold {
        guard let name = problem.time else {
            throw LearningError(
                .invalidParameter, "a hold-out of the newest rows without a time column",
                advice: "Name the column of the times.")
        }
        let order = try TimeOrder(table.column(named: name), rows: rows)
        let start = order.boundary(from: TimeSplit.newest(share, of: rows.count).holdout.lowerBound)
        return Fold(train: order.rows[..<start].sorted(), test: order.rows[start...].sorted())
    }

    private func random(
        _ table: Table, _ problem: LearningProblem, _ rows: [Int], _ target: TargetCells, _ share: Double,
        _ seed: UInt64
    ) throws(LearningError) -> Fold {
        var generator = SplitMix(seed: seed)
        var parts = [rows]
        if let group = problem.group {
            let column = try table.column(named: group)
            var members: [String: [Int]] = [:]
            for row in rows { members[column.text(at: row) ?? "\u{0}\(row)", default: []].append(row) }
            let names = members.keys.sorted().shuffled(using: &generator)
            let wanted = TimeSplit.newest(share, of: rows.count).holdout.count
            var test: [Int] = []
            for name in names.dropLast() where test.count < wanted { test += members[name] ?? [] }
            return Self.fold(rows, test: test)
        }
        if case .classes(let classes, let count) = target {
            parts = (0..<count).map { own in rows.filter { classes[$0] == own } }.filter { !$0.isEmpty }
        }
        let test = parts.flatMap { part in
            let held = TimeSplit.newest(share, of: part.count).holdout.count
            return part.shuffled(using: &generator).prefix(held)
        }
        return Self.fold(rows, test: test)
    }

    private static func fold(_ rows: [Int], test: [Int]) -> Fold {
        let held = Set(test)
        return Fold(train: rows.filter { !held.contains($0) }, test: held.sorted())
    }
}
