import Statistics

/// Selections that train models. Each says beforehand how many, and refuses beyond a limit.
struct ModelSelection {
    let columns: WorkingColumns
    /// The columns to judge.
    let names: [String]
    let context: FitContext

    /// Models that one selection may train.
    static let maximumModels = 2_000

    func importance() throws(LearningError) -> [Double] {
        try ranks(try context.models.importance(table(names), problem(names)), names)
    }

    func sparseWeights() throws(LearningError) -> [Double] {
        try ranks(context.models.sparseWeights(table(names), problem(names)), names).map(\.magnitude)
    }

    /// The mean loss of score on held-out rows.
    func permutation(repeats: Int) throws(LearningError) -> [Double] {
        let (training, holdOut) = split()
        let model = try context.models.train(training, problem(names))
        let best = try context.models.score(model, holdOut, problem(names))
        var generator = SplitMix(seed: context.seed)
        var losses: [Double] = []
        for name in names {
            var loss = 0.0
            for _ in 0..<repeats {
                try context.control.check()
                let order = Array(0..<holdOut.rowCount).shuffled(using: &generator)
                let shuffled = Table(
                    checked: holdOut.columns.map { $0.name == name ? $0.rows(order) : $0 }, rowCount: holdOut.rowCount)
                loss += best - (try context.models.score(model, shuffled, problem(names)))
            }
            losses.append(loss / Double(repeats))
        }
        return losses
    }

    /// The names left when rounds of elimination have come down to `count`.
    func eliminate(to count: Int, share: Double) throws(LearningError) -> [String] {
        var left = names
        while left.count > count {
            try context.control.check()
            let ranks = try ranks(context.models.importance(table(left), problem(left)), left)
            let removed = min(left.count - count, max(1, Int(share * Double(left.count))))
            // Of equally poor ones the last go first.
            let order = left.indices.sorted { (ranks[$0], -$0) < (ranks[$1], -$1) }
            let gone = Set(order.prefix(removed))
            left = left.indices.filter { !gone.contains($0) }.map { left[$0] }
        }
        return left
    }

    /// Adds the best column again and again, while the score grows by more than `gain`.
    func forward(upTo count: Int, gain: Double) throws(LearningError) -> [String] {
        let models = (0..<count).reduce(0) { $0 + names.count - $1 }
        guard models <= Self.maximumModels || gain > -.infinity else { throw tooMany(models) }
        let (training, holdOut) = split()
        var chosen: [String] = []
        var best = -Double.infinity
        var trained = 0
        while chosen.count < count {
            var found: (name: String, score: Double)?
            for name in names where !chosen.contains(name) {
                try context.control.check()
                trained += 1
                guard trained <= Self.maximumModels else { throw tooMany(trained) }
                let features = chosen + [name]
                let model = try context.models.train(training, problem(features))
                let score = try context.models.score(model, holdOut, problem(features))
                if found == nil || score > found?.score ?? -.infinity { found = (name, score) }
            }
            guard let found, chosen.isEmpty || found.score - best > gain else { break }
            chosen.append(found.name)
            best = found.score
        }
        return chosen
    }

    private func tooMany(_ models: Int) -> LearningError {
        invalidStep(
            "forward selection among \(names.count) columns trains \(models) models, more than \(Self.maximumModels)",
            advice: "Keep fewer columns, or select by a score of single columns first.")
    }

    private func ranks(_ found: [String: Double], _ names: [String]) throws(LearningError) -> [Double] {
        names.map { found[$0] ?? 0 }
    }

    private func problem(_ names: [String]) -> LearningProblem {
        var judged = context.problem
        judged.features = names
        return judged
    }

    private func table(_ names: [String]) throws(LearningError) -> Table {
        let wanted = Set(names)
        return Table(
            checked: columns.features.filter { wanted.contains($0.name) } + columns.others, rowCount: columns.rowCount)
    }

    /// Three quarters to train on: the earlier ones, if rows have a time, or drawn; groups stay together.
    private func split() -> (training: Table, holdOut: Table) {
        let all = Table(checked: columns.features + columns.others, rowCount: columns.rowCount)
        let rows = columns.rowCount
        var isHeldOut = [Bool](repeating: false, count: rows)
        let held = max(1, rows / 4)
        if let time = context.problem.time, let column = all[time] {
            // Rows without a time count as the earliest.
            let times = TimeReading.numbers(column).map { $0.isNaN ? -Double.infinity : $0 }
            let order = (0..<rows).sorted { (times[$0], $0) < (times[$1], $1) }
            for row in order.suffix(held) { isHeldOut[row] = true }
        } else if let group = context.problem.group, let codes = all[group]?.categories().codes {
            for row in 0..<rows { isHeldOut[row] = SplitMix.mixed(context.seed &+ UInt64(codes[row] + 1)) % 4 == 0 }
        } else {
            var generator = SplitMix(seed: context.seed)
            for row in (0..<rows).shuffled(using: &generator).prefix(held) { isHeldOut[row] = true }
        }
        return (
            all.rows((0..<rows).filter { !isHeldOut[$0] }), all.rows((0..<rows).filter { isHeldOut[$0] })
        )
    }
}
