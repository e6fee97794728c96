import Statistics

/// What a step may use while it is fitted, beside the columns.
struct FitContext {
    let problem: LearningProblem
    let models: SelectionModels
    /// Of the step at hand.
    var seed: UInt64 = 0
    /// Columns that are no features, but that a fitted step reads: the entity and time of lags.
    var needed: Set<String> = []
    /// What a reader of the model card should know.
    var notes: [String] = []

    init(problem: LearningProblem, models: SelectionModels) {
        self.problem = problem
        self.models = models
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
