import Statistics

/// How a table is divided into folds. Rows without a target are in no fold.
public enum SplitPlan: Codable, Sendable, Equatable {
    /// Every row is judged once, by a model of the other rows; rows are dealt out at random.
    case kFold(Int)
    /// The same, with each class spread evenly. For regression as `kFold`.
    case stratified(Int)
    /// The same, with all rows of a group (the problem's group column) in one fold, folds as even as groups allow.
    case grouped(Int)
    /// Expanding window: each fold judges the rows that follow those it learned from, in the order of the problem's time
    /// column; `gap` rows before the judged ones are left out (outcomes that were not known yet). The oldest rows are
    /// only learned from. As scikit-learn's `TimeSeriesSplit`, but rows of one time are never divided.
    case timeSeries(Int, gap: Int = 0)

    /// The plan that suits a problem: by time if it has a time column, else by group, else stratified or plain.
    public static func natural(for problem: LearningProblem, folds: Int) -> SplitPlan {
        if problem.time != nil { return .timeSeries(folds) }
        if problem.group != nil { return .grouped(folds) }
        return problem.task == .regression ? .kFold(folds) : .stratified(folds)
    }

    public var folds: Int {
        switch self {
        case .kFold(let count), .stratified(let count), .grouped(let count), .timeSeries(let count, _): count
        }
    }

    /// The folds; the same seed gives the same ones.
    /// - Throws: `LearningError`: `.invalidParameter` for fewer than two folds, or no column to group or order by;
    ///   `.noRows` for fewer rows, groups or times than folds; `.unknownColumn`; `.invalidInput` for times that are none.
    public func folds(of table: Table, problem: LearningProblem, seed: UInt64) throws(LearningError) -> [Fold] {
        guard folds >= 2 else {
            throw LearningError(
                .invalidParameter, "a cross-validation of \(folds) folds", advice: "Ask for 2 folds or more.")
        }
        let target = TargetCells(try table.column(named: problem.target), task: problem.task)
        let rows = target.known
        guard rows.count >= folds else {
            throw LearningError(
                .noRows, "\(rows.count) rows have a target, and \(folds) folds are asked for",
                advice: "Give more rows, or ask for fewer folds.")
        }
        var generator = SplitMix(seed: seed)
        switch self {
        case .kFold: return dealt([rows], &generator)
        case .stratified:
            guard case .classes(let classes, let count) = target else { return dealt([rows], &generator) }
            return dealt((0..<count).map { own in rows.filter { classes[$0] == own } }, &generator)
        case .grouped: return try grouped(table, problem, rows, &generator)
        case .timeSeries(_, let gap): return try timeSeries(table, problem, rows, gap: gap)
        }
    }

    /// Deals the rows of each part out in turn, going on where the part before ended.
    private func dealt(_ parts: [[Int]], _ generator: inout SplitMix) -> [Fold] {
        var tests = [[Int]](repeating: [], count: folds)
        var turn = 0
        for part in parts {
            for row in part.shuffled(using: &generator) {
                tests[turn % folds].append(row)
                turn += 1
            }
        }
        return Self.complements(tests)
    }

    private func grouped(
        _ table: Table, _ problem: LearningProblem, _ rows: [Int], _ generator: inout SplitMix
    ) throws(LearningError) -> [Fold] {
        guard let name = problem.group else {
            throw LearningError(
                .invalidParameter, "a grouped split without a group column", advice: "Name the column of the groups.")
        }
        let column = try table.column(named: name)
        var members: [String: [Int]] = [:]
        // A row without a group is one of its own.
        for row in rows { members[column.text(at: row) ?? "\u{0}\(row)", default: []].append(row) }
        guard members.count >= folds else {
            throw LearningError(
                .noRows, "\"\(name)\" has \(members.count) groups, and \(folds) folds are asked for",
                advice: "Ask for fewer folds.")
        }
        // Largest first, each into the fold that has the fewest rows yet; equals in random order.
        let names = members.keys.sorted().shuffled(using: &generator)
        let order = names.indices.sorted {
            (-(members[names[$0]]?.count ?? 0), $0) < (-(members[names[$1]]?.count ?? 0), $1)
        }
        var tests = [[Int]](repeating: [], count: folds)
        for index in order {
            let smallest = tests.indices.min { (tests[$0].count, $0) < (tests[$1].count, $1) } ?? 0
            tests[smallest] += members[names[index]] ?? []
        }
        return Self.complements(tests)
    }

    private func timeSeries(
        _ table: Table, _ problem: LearningProblem, _ rows: [Int], gap: Int
    ) throws(LearningError) -> [Fold] {
        guard let name = problem.time else {
            throw LearningError(
                .invalidParameter, "a split by time without a time column", advice: "Name the column of the times.")
        }
        guard gap >= 0 else {
            throw LearningError(.invalidParameter, "a gap of \(gap) rows", advice: "Give 0 rows or more.")
        }
        let order = try TimeOrder(table.column(named: name), rows: rows)
        let size = rows.count / (folds + 1)
        let starts = (0..<folds).map { order.boundary(from: rows.count - (folds - $0) * size) } + [rows.count]
        var found: [Fold] = []
        for index in 0..<folds {
            let (start, end) = (starts[index], starts[index + 1])
            guard start < end, start - gap > 0 else {
                throw LearningError(
                    .noRows, "fold \(index + 1) of \(folds) by \"\(name)\" has no rows to learn from or to judge by",
                    advice: "Ask for fewer folds or a smaller gap, or name a column with more different times.")
            }
            found.append(
                Fold(train: order.rows[..<(start - gap)].sorted(), test: order.rows[start..<end].sorted()))
        }
        return found
    }

    /// Each part judged once, by what is learned from the others; rows in the table's order.
    private static func complements(_ tests: [[Int]]) -> [Fold] {
        tests.indices.map { own in
            let train = tests.indices.filter { $0 != own }.flatMap { tests[$0] }
            return Fold(train: train.sorted(), test: tests[own].sorted())
        }
    }
}
