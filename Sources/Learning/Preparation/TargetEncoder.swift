import Statistics

public struct TargetEncodingParameters: Codable, Sendable, Equatable {
    public enum Smoothing: Codable, Sendable, Equatable {
        /// As much as the spread within the category against that of the target asks for (an empirical Bayes estimate;
        /// Micci-Barreca 2001, scikit-learn's `smooth="auto"`).
        case automatic
        /// As if so many rows more had the mean of all.
        case rows(Double)
    }

    public var smoothing: Smoothing
    /// Training rows take the means of the folds that they are not in: 2 to 50. Rows of one group share a fold.
    public var folds: Int
    /// Whether folds are drawn; otherwise they are runs of neighbouring rows.
    public var shuffles: Bool

    public init(smoothing: Smoothing = .automatic, folds: Int = 5, shuffles: Bool = true) {
        self.smoothing = smoothing
        self.folds = folds
        self.shuffles = shuffles
    }
}

/// Fits target encoding. A row's own target must not be in its encoding, or the learner would read the answer in it:
/// hence the folds. A row counts by its sample weight, in sums as in numbers of rows.
struct TargetEncoder {
    let parameters: TargetEncodingParameters

    func fit(
        _ names: [String], _ columns: inout WorkingColumns, _ context: inout FitContext
    ) throws(LearningError) -> FittedCategoryValues {
        try validate()
        let target = try PreparationTarget(columns, problem: context.problem)
        let indicators = target.indicators()
        let folds = try folds(columns, target: target, context)
        let weights = try context.weights(columns) ?? [Double](repeating: 1, count: columns.rowCount)
        var encoded: [FittedCategoryValues.Column] = []
        for name in names {
            let (cells, categories) = try columns.categories(name)
            let (kept, _) = CategoryDictionary.mostFrequent(
                codes: cells, categories: categories, maximum: CategoryEncoding.maximumCategories)
            let dictionary = CategoryDictionary(kept.map(\.category).sorted())
            var counts = AlignmentCounts()
            let codes = dictionary.codes(of: cells, categories, counts: &counts)
            var outputs: [FittedCategoryValues.Output] = []
            for (label, values) in indicators {
                let output = label.map { "\(name)__target=\($0)" } ?? "\(name)__target"
                let all = means(codes, values, weights, categories: kept.count) { _ in true }
                outputs.append(
                    FittedCategoryValues.Output(
                        name: output, values: Array(all.ofCategory.dropLast()), missing: all.ofCategory.last,
                        unseen: all.ofAll))
                let training = outOfFold(
                    codes, values, weights, folds: folds, categories: kept.count, all: all)
                try columns.append(TableColumn(name: output, numbers: training))
            }
            encoded.append(.init(name: name, categories: dictionary, outputs: outputs))
        }
        columns.remove(Set(names))
        return FittedCategoryValues(columns: encoded, what: "the smoothed mean target of their training rows")
    }

    private func validate() throws(LearningError) {
        guard (2...50).contains(parameters.folds) else {
            throw invalidStep("target encoding with \(parameters.folds) folds", advice: "Take 2 to 50.")
        }
        if case .rows(let rows) = parameters.smoothing, !(rows >= 0 && rows.isFinite) {
            throw invalidStep("target encoding smoothed by \(rows) rows", advice: "Set it to 0 or more.")
        }
    }

    /// Per row its fold; -1 for rows without a target, which are in nobody's means.
    private func folds(
        _ columns: WorkingColumns, target: PreparationTarget, _ context: FitContext
    ) throws(LearningError) -> [Int] {
        let rows = columns.rowCount
        let folds = parameters.folds
        var order = Array(0..<rows)
        var generator = SplitMix(seed: context.seed)
        if parameters.shuffles { order.shuffle(using: &generator) }
        // The first `rows % folds` folds have one row more.
        var foldOfRow = [Int](repeating: -1, count: rows)
        for (place, row) in order.enumerated() {
            let large = (rows % folds) * (rows / folds + 1)
            foldOfRow[row] =
                place < large ? place / (rows / folds + 1) : rows % folds + (place - large) / max(1, rows / folds)
        }
        if let group = context.problem.group, columns.has(group) {
            let (codes, _) = try columns.categories(group)
            for row in 0..<rows where codes[row] >= 0 {
                foldOfRow[row] = Int(SplitMix.mixed(context.seed &+ UInt64(codes[row])) % UInt64(folds))
            }
        }
        for row in 0..<rows where !target.has(row: row) { foldOfRow[row] = -1 }
        return foldOfRow
    }

    private struct Means {
        /// By category, then that of missing cells.
        var ofCategory: [Double]
        var ofAll: Double
    }

    private func outOfFold(
        _ codes: [Int32], _ values: [Double], _ weights: [Double], folds: [Int], categories: Int, all: Means
    ) -> [Double] {
        var encoded = [Double](repeating: all.ofAll, count: codes.count)
        func write(_ means: Means, fold: Int) {
            for row in codes.indices where folds[row] == fold {
                let place = place(of: codes[row], categories)
                encoded[row] = place < 0 ? means.ofAll : means.ofCategory[place]
            }
        }
        write(all, fold: -1)
        for fold in 0..<parameters.folds {
            write(means(codes, values, weights, categories: categories) { folds[$0] != fold }, fold: fold)
        }
        return encoded
    }

    private func place(of code: Int32, _ categories: Int) -> Int {
        code >= 0 ? Int(code) : (code == CategoryDictionary.missing ? categories : -1)
    }

    /// The smoothed means over the rows that have a target and are wanted. With a fixed smoothing m of a category of n
    /// rows (of weight n): (sum + m · mean of all) / (n + m). Automatic: λ · mean + (1 − λ) · mean of all, where
    /// λ = σ²·n / (σ²·n + s²), σ² the variance of the target and s² that within the category.
    private func means(
        _ codes: [Int32], _ values: [Double], _ weights: [Double], categories: Int, isWanted: (Int) -> Bool
    ) -> Means {
        var sums = [Double](repeating: 0, count: categories + 1)
        var counts = sums
        var (sum, count) = (0.0, 0.0)
        for row in codes.indices where !values[row].isNaN && isWanted(row) {
            sum += weights[row] * values[row]
            count += weights[row]
            let place = place(of: codes[row], categories)
            guard place >= 0 else { continue }
            sums[place] += weights[row] * values[row]
            counts[place] += weights[row]
        }
        guard count > 0 else { return Means(ofCategory: sums, ofAll: 0) }
        let mean = sum / count
        if case .rows(let smoothing) = parameters.smoothing {
            let smoothed = sums.indices.map { place in
                counts[place] == 0 ? mean : (sums[place] + smoothing * mean) / (counts[place] + smoothing)
            }
            return Means(ofCategory: smoothed, ofAll: mean)
        }
        var deviations = [Double](repeating: 0, count: categories + 1)
        var total = 0.0
        for row in codes.indices where !values[row].isNaN && isWanted(row) {
            total += weights[row] * (values[row] - mean) * (values[row] - mean)
            let place = place(of: codes[row], categories)
            // Of a category that weighs nothing there is no mean.
            guard place >= 0, counts[place] > 0 else { continue }
            let deviation = values[row] - sums[place] / counts[place]
            deviations[place] += weights[row] * deviation * deviation
        }
        let variance = total / count
        let smoothed = sums.indices.map { place -> Double in
            let between = variance * counts[place]
            let within = counts[place] > 0 ? deviations[place] / counts[place] : 0
            guard between + within > 0 else { return mean }
            let share = between / (between + within)
            return counts[place] > 0 ? share * (sums[place] / counts[place]) + (1 - share) * mean : mean
        }
        return Means(ofCategory: smoothed, ofAll: mean)
    }
}
