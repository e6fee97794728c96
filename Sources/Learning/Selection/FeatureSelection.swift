import Statistics

/// Keeps the features that tell most about the target and takes the others out.
///
/// Only the step's columns are judged; the rest stay. A column that a score is not defined for (constant, too few
/// values) comes last.
public struct FeatureSelection: Codable, Sendable, Equatable {
    public enum Method: Codable, Sendable, Equatable {
        /// Spread of the column alone, without the target (mean squared deviation).
        case variance
        /// χ² of the sums of a non-negative column over the classes against those expected from the classes' shares
        /// (scikit-learn's `chi2`): counts, shares, flags.
        case chiSquare
        /// F of the analysis of variance over the classes; for regression F of the correlation.
        case anovaF
        /// Mutual information with the target in nats: plug-in for categories, by so many nearest neighbours for numbers
        /// (Kraskov, Stögbauer, Grassberger 2004; Ross 2014). Larger tables are sampled to 10,000 rows.
        case mutualInformation(neighbors: Int)
        /// Magnitude of the weights of a linear model with an L1 penalty.
        case l1
        /// Of a model trained on the columns.
        case importance
        /// Loss of score on held-out rows when a column's cells are shuffled, the mean of so many times.
        case permutation(repeats: Int)
        /// By importance, the worst share of the columns leaving at each round.
        case recursiveElimination(removedShare: Double)
        /// From no column up, each time the one that helps the score on held-out rows most.
        case forward
    }

    public enum Keep: Codable, Sendable, Equatable {
        /// So many of the best; of equal ones the first.
        case count(Int)
        /// This share of them, at least one.
        case share(Double)
        /// All with a score above the number. Not for recursive elimination; forward selection stops when the score
        /// grows by no more.
        case above(Double)
    }

    public var columns: ColumnSelection
    public var method: Method
    public var keep: Keep

    public init(columns: ColumnSelection = .all, method: Method, keep: Keep) {
        self.columns = columns
        self.method = method
        self.keep = keep
    }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedSelection {
        try validate()
        let names = try self.columns.resolve(in: columns)
        let kept = names.isEmpty ? [] : try self.kept(names, columns, context)
        let removed = Set(names).subtracting(kept)
        let fitted = FittedSelection(kept: names.filter { !removed.contains($0) }, removed: removed.sorted(), by: title)
        columns.remove(removed)
        return fitted
    }

    private func kept(
        _ names: [String], _ columns: WorkingColumns, _ context: FitContext
    ) throws(LearningError) -> [String] {
        let filter = FilterScores(columns: columns, problem: context.problem, seed: context.seed)
        let wrapper = ModelSelection(columns: columns, names: names, context: context)
        let scores: [Double]
        switch method {
        case .variance: scores = try filter.variances(names)
        case .chiSquare: scores = try filter.chiSquares(names)
        case .anovaF: scores = try filter.varianceRatios(names)
        case .mutualInformation(let neighbors): scores = try filter.information(names, neighbors: neighbors)
        case .l1: scores = try wrapper.sparseWeights()
        case .importance: scores = try wrapper.importance()
        case .permutation(let repeats): scores = try wrapper.permutation(repeats: repeats)
        case .recursiveElimination(let share):
            return try wrapper.eliminate(to: count(of: names.count), share: share)
        case .forward:
            if case .above(let gain) = keep { return try wrapper.forward(upTo: names.count, gain: gain) }
            return try wrapper.forward(upTo: count(of: names.count), gain: -.infinity)
        }
        if case .above(let limit) = keep { return names.indices.filter { scores[$0] > limit }.map { names[$0] } }
        let ranks = scores.map { $0.isNaN ? -Double.infinity : $0 }
        let best = names.indices.sorted { (-ranks[$0], $0) < (-ranks[$1], $1) }
        return best.prefix(count(of: names.count)).map { names[$0] }
    }

    private func count(of all: Int) -> Int {
        switch keep {
        case .count(let count): min(count, all)
        case .share(let share): max(1, Int((share * Double(all)).rounded()))
        case .above: all
        }
    }

    private func validate() throws(LearningError) {
        switch keep {
        case .count(let count):
            guard count >= 1 else { throw invalidStep("a selection keeps \(count) columns", advice: "Keep 1 or more.") }
        case .share(let share):
            guard share > 0, share <= 1 else {
                throw invalidStep("a selection keeps the share \(share)", advice: "Set it above 0, at most 1.")
            }
        case .above(let limit):
            guard limit.isFinite else {
                throw invalidStep("a selection keeps scores above \(limit)", advice: "Give a finite number.")
            }
            if case .recursiveElimination = method {
                throw invalidStep(
                    "recursive elimination cannot stop at a score", advice: "Say how many columns to keep.")
            }
        }
        switch method {
        case .mutualInformation(let neighbors) where !(1...100).contains(neighbors):
            throw invalidStep("mutual information by \(neighbors) neighbours", advice: "Take 1 to 100.")
        case .permutation(let repeats) where !(1...100).contains(repeats):
            throw invalidStep("a permutation importance of \(repeats) repeats", advice: "Take 1 to 100.")
        case .recursiveElimination(let share) where !(share > 0 && share < 1):
            throw invalidStep("recursive elimination of the share \(share)", advice: "Set it above 0, below 1.")
        default: return
        }
    }

    private var title: String {
        switch method {
        case .variance: "variance"
        case .chiSquare: "χ²"
        case .anovaF: "ANOVA F"
        case .mutualInformation: "mutual information"
        case .l1: "L1 weights"
        case .importance: "model importance"
        case .permutation: "permutation importance"
        case .recursiveElimination: "recursive elimination"
        case .forward: "forward selection"
        }
    }
}

struct FittedSelection: FittedTransform {
    let kept: [String]
    let removed: [String]
    /// What the columns were judged by.
    let by: String

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        columns.remove(Set(removed))
    }

    var description: String {
        "By \(by), \(kept.count) of \(kept.count + removed.count) columns are kept: \(listed(kept))."
    }
}
