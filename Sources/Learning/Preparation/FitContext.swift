import Statistics

/// What a step may use while it is fitted, beside the columns.
struct FitContext {
    let problem: LearningProblem
    let models: SelectionModels
    let control: TrainingControl
    /// Of the step at hand.
    var seed: UInt64 = 0
    /// Columns that are no features, but that a fitted step reads: the entity and time of lags.
    var needed: Set<String> = []
    /// What a reader of the model card should know.
    var notes: [String] = []

    init(problem: LearningProblem, models: SelectionModels, control: TrainingControl) {
        self.problem = problem
        self.models = models
        self.control = control
    }

    /// How much each row counts, for steps whose statistics are means over rows; `nil` where all count alike.
    ///
    /// Sample weights only: a class weight corrects what a learner sees of the classes, not what the columns look like.
    /// - Throws: `LearningError`: `.unknownColumn`; `.invalidInput` for a weight below 0 or not finite, or if every row
    ///   weighs 0.
    func weights(_ columns: WorkingColumns) throws(LearningError) -> [Double]? {
        guard problem.weight != nil else { return nil }
        let weights = try problem.sampleWeights(of: columns.table())
        try RowWeights.check(weights ?? [])
        return weights
    }

    /// The numeric view of named columns for a step that computes.
    /// - Throws: `.invalidInput` for a categorical column.
    func requireNumbers(_ names: [String], in columns: WorkingColumns, for purpose: String) throws(LearningError) {
        for name in names {
            guard try columns.column(name).kind == .categorical else { continue }
            throw LearningError(
                .invalidInput, "\(purpose) needs numbers, and \"\(name)\" is categorical",
                advice: "Encode it in a step before, or leave it out of the step's columns.")
        }
    }
}

/// A parameter of a step outside its range.
func invalidStep(_ message: String, advice: String) -> LearningError {
    LearningError(.invalidParameter, message, advice: advice)
}
