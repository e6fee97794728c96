/// A trial's values as the parameters of its learner; what a trial does not say takes the default.
struct CandidateValues {
    private let values: [String: ParameterValue]

    init(_ values: [String: ParameterValue], of kind: CandidateKind) {
        let usual = kind.knobs.reduce(into: [String: ParameterValue]()) { $0[$1.name] = $1.usual }
        self.values = usual.merging(values) { $1 }
    }

    private func number(_ name: String) -> Double { values[name]?.number ?? 0 }
    private func text(_ name: String) -> String { values[name]?.text ?? "" }

    func boosting(seed: Int, bins: Int, threads: Int) -> BoostingParameters {
        var found = BoostingParameters(
            rounds: Int(number("rounds")), learningRate: number("learning_rate"),
            maximumDepth: Int(number("maximum_depth")), seed: seed)
        found.minimumChildWeight = number("minimum_child_weight")
        found.subsample = number("subsample")
        found.columnSample = number("column_sample")
        found.lambda = number("lambda")
        found.maximumBins = bins
        found.threads = threads
        return found
    }

    /// The penalty is that of one row: α of a regression, and 1/(C·1,000) of a classification, so that about a thousand
    /// rows make it scikit-learn's.
    var linear: LinearParameters {
        var found = LinearParameters(
            alpha: number("penalty"), inverseStrength: 0.001 / number("penalty"), l1Ratio: number("l1_ratio"))
        // A search compares; the last digits of the coefficients do not.
        found.tolerance = 1e-5
        return found
    }

    /// Numbers without gaps, of one scale.
    var linearPreparation: Preparation {
        let filling: Imputation.Strategy = text("filling") == "mean" ? .mean : .median
        let encoding: CategoryEncoding.Method =
            text("encoding") == "target" ? .target(TargetEncodingParameters()) : .oneHot(maximumCategories: 50)
        let scaling: Scaling.Method =
            text("scaling") == "quantile" ? .quantile(quantiles: 1_000, output: .normal) : .standard
        return Preparation(steps: [
            .impute(Imputation(columns: .numeric, strategy: filling, addsIndicator: true)),
            .impute(Imputation(columns: .boolean, strategy: .mostFrequent)),
            .encode(CategoryEncoding(columns: .categorical, method: encoding)),
            .scale(Scaling(columns: .numeric, method: scaling)),
        ])
    }

    func perceptron(seed: Int) -> PerceptronParameters {
        var found = PerceptronParameters()
        found.hidden = Array(repeating: Int(number("width")), count: Int(number("layers")))
        found.learningRate = number("learning_rate")
        found.dropout = number("dropout")
        found.weightDecay = number("weight_decay")
        found.seed = seed
        return found
    }
}
