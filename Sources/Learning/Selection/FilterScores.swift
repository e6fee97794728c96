import Statistics

/// How much each column tells, one column at a time: linear in the number of columns.
///
/// Rows without a target or with a missing cell are left out of that column's score.
struct FilterScores {
    let columns: WorkingColumns
    let problem: LearningProblem
    let seed: UInt64

    func variances(_ names: [String]) throws(LearningError) -> [Double] {
        var scores: [Double] = []
        for name in names {
            let numbers = try numbers(name, for: "a variance")
            scores.append(Moments.of(numbers)?.variance ?? .nan)
        }
        return scores
    }

    /// - Throws: `.invalidInput` for a negative number.
    func chiSquares(_ names: [String]) throws(LearningError) -> [Double] {
        guard case .classes(let classes, let labels) = try PreparationTarget(columns, problem: problem) else {
            throw LearningError(
                .invalidParameter, "χ² needs classes, and \"\(problem.target)\" is a regression target",
                advice: "Take ANOVA F or mutual information.")
        }
        var scores: [Double] = []
        for name in names {
            let numbers = try numbers(name, for: "χ²")
            var sums = [Double](repeating: 0, count: labels.count)
            var counts = sums
            for row in numbers.indices where classes[row] >= 0 && !numbers[row].isNaN {
                guard numbers[row] >= 0 else {
                    throw LearningError(
                        .invalidInput,
                        "χ² needs numbers of 0 or more; \"\(name)\" is \(numbers[row]) in row \(row + 1)",
                        advice: "Take ANOVA F or mutual information, or scale the column to 0…1 first.")
                }
                sums[Int(classes[row])] += numbers[row]
                counts[Int(classes[row])] += 1
            }
            let (sum, count) = (sums.reduce(0, +), counts.reduce(0, +))
            let terms = sums.indices.filter { counts[$0] > 0 }.map { place -> Double in
                let expected = counts[place] / count * sum
                return (sums[place] - expected) * (sums[place] - expected) / expected
            }
            scores.append(terms.isEmpty ? .nan : terms.reduce(0, +))
        }
        return scores
    }

    func varianceRatios(_ names: [String]) throws(LearningError) -> [Double] {
        let target = try PreparationTarget(columns, problem: problem)
        var scores: [Double] = []
        for name in names {
            let numbers = try numbers(name, for: "ANOVA F")
            switch target {
            case .numbers(let targets): scores.append(Self.correlationF(numbers, targets))
            case .classes(let classes, let labels):
                scores.append(Self.classF(numbers, classes, count: labels.count))
            }
        }
        return scores
    }

    /// In sampled rows, where there are more than `MutualInformation.maximumRows` that have a target.
    func information(_ names: [String], neighbors: Int) throws(LearningError) -> [Double] {
        let target = try PreparationTarget(columns, problem: problem)
        var rows = (0..<columns.rowCount).filter { target.has(row: $0) }
        var generator = SplitMix(seed: seed)
        if rows.count > MutualInformation.maximumRows {
            rows.shuffle(using: &generator)
            rows = rows.prefix(MutualInformation.maximumRows).sorted()
        }
        var scores: [Double] = []
        for name in names {
            let column = try columns.column(name).rows(rows)
            let missing = column.missingFlags()
            let present = rows.indices.filter { missing[$0] == 0 }
            let judged = column.rows(present)
            scores.append(
                MutualInformation(neighbors: neighbors, seed: generator.next())
                    .value(judged, target.rows(present.map { rows[$0] })))
        }
        return scores
    }

    private func numbers(_ name: String, for score: String) throws(LearningError) -> [Double] {
        let column = try columns.column(name)
        guard column.kind != .categorical else {
            throw LearningError(
                .invalidInput, "\(score) needs numbers, and \"\(name)\" is categorical",
                advice: "Encode it in a step before, take mutual information, or select numeric columns only.")
        }
        return column.numbers()
    }

    /// (between the classes / (k − 1)) / (within them / (n − k)).
    private static func classF(_ numbers: [Double], _ classes: [Int32], count: Int) -> Double {
        var sums = [Double](repeating: 0, count: count)
        var counts = sums
        for row in numbers.indices where classes[row] >= 0 && !numbers[row].isNaN {
            sums[Int(classes[row])] += numbers[row]
            counts[Int(classes[row])] += 1
        }
        let present = counts.indices.filter { counts[$0] > 0 }
        let rows = counts.reduce(0, +)
        guard present.count > 1, rows > Double(present.count) else { return .nan }
        let mean = sums.reduce(0, +) / rows
        let means = sums.indices.map { sums[$0] / counts[$0] }
        let between = present.reduce(0.0) { $0 + counts[$1] * (means[$1] - mean) * (means[$1] - mean) }
        var within = 0.0
        for row in numbers.indices where classes[row] >= 0 && !numbers[row].isNaN {
            let deviation = numbers[row] - means[Int(classes[row])]
            within += deviation * deviation
        }
        return (between / Double(present.count - 1)) / (within / (rows - Double(present.count)))
    }

    /// r² / (1 − r²) · (n − 2).
    private static func correlationF(_ numbers: [Double], _ targets: [Double]) -> Double {
        let rows = numbers.indices.filter { !numbers[$0].isNaN && !targets[$0].isNaN }
        guard rows.count > 2 else { return .nan }
        let count = Double(rows.count)
        let meanX = rows.reduce(0.0) { $0 + numbers[$1] } / count
        let meanY = rows.reduce(0.0) { $0 + targets[$1] } / count
        var (xx, xy, yy) = (0.0, 0.0, 0.0)
        for row in rows {
            let (x, y) = (numbers[row] - meanX, targets[row] - meanY)
            xx += x * x
            xy += x * y
            yy += y * y
        }
        let share = xy * xy / (xx * yy)
        return share / (1 - share) * (count - 2)
    }
}

extension PreparationTarget {
    func rows(_ rows: [Int]) -> PreparationTarget {
        switch self {
        case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
        case .classes(let codes, let labels): .classes(rows.map { codes[$0] }, labels: labels)
        }
    }
}
