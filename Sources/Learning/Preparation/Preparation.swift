import Statistics

/// What is done to a table before something is learned from it: steps, one after the other, not fitted yet.
public struct Preparation: Codable, Sendable, Equatable {
    public var steps: [PreparationStep]

    public init(steps: [PreparationStep] = []) { self.steps = steps }

    /// Fits every step on the training rows, each on what the steps before it made of them.
    ///
    /// The prepared table holds the features, then the columns that are none. It may have fewer rows (outliers that are
    /// dropped), and its target encodings are out-of-fold: it is not what `apply` makes of the training table.
    /// - Parameters:
    ///   - seed: of all random choices; the same seed gives the same bytes.
    ///   - models: what selections by a model use.
    ///   - control: asked between steps, and between the models that a selection trains.
    /// - Throws: `LearningError` for a step whose parameters or columns do not fit, naming what and why; `.cancelled`.
    public func fit(
        _ table: Table, problem: LearningProblem, seed: UInt64, models: SelectionModels = SelectionModels(),
        control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> (fitted: FittedPreparation, training: Table) {
        guard table.rowCount > 0 else {
            throw LearningError(.noRows, "the table has no rows", advice: "Give at least one row to fit on.")
        }
        var counts = AlignmentCounts()
        var columns = try Self.columns(of: table, problem: problem, counts: &counts)
        let inputs = columns
        var context = FitContext(problem: problem, models: models, control: control)
        if counts.outOfRange > 0 {
            context.notes.append(
                "\(counts.outOfRange) cells of the training rows are infinite or beyond \(NumericFeatures.greatest); "
                    + "they count as missing.")
        }
        var fitted: [FittedStep] = []
        for (index, step) in steps.enumerated() {
            try control.check()
            context.seed = SplitMix.mixed(seed &+ UInt64(index) &+ 1)
            fitted.append(try step.fit(&columns, &context))
            guard columns.rowCount > 0 else {
                throw LearningError(
                    .noRows, "step \(index + 1) of the preparation drops every row",
                    advice: "Raise its limit, or flag the rows instead of dropping them.")
            }
        }
        guard !columns.features.isEmpty else {
            throw LearningError(
                .noFeatures, "the preparation leaves no feature", advice: "Keep more columns in its selections.")
        }
        let preparation = FittedPreparation(
            inputs: inputs.features.map { FittedPreparation.Input(name: $0.name, kind: $0.kind) },
            others: inputs.others.map {
                FittedPreparation.Other(name: $0.name, kind: $0.kind, isNeeded: context.needed.contains($0.name))
            },
            steps: fitted, featureNames: columns.featureNames, trainingRows: table.rowCount,
            droppedRows: table.rowCount - columns.rowCount, notes: context.notes)
        return (preparation, columns.table())
    }

    private static func columns(
        of table: Table, problem: LearningProblem, counts: inout AlignmentCounts
    ) throws(LearningError) -> WorkingColumns {
        let roles = Set([problem.target, problem.weight, problem.group, problem.time].compactMap(\.self))
        let named = problem.features.map { Set($0).subtracting(roles) }
        var features: [TableColumn] = []
        var others: [TableColumn] = []
        for column in table.columns {
            if named?.contains(column.name) ?? !roles.contains(column.name) {
                features.append(column.aligned(to: column.kind, counts: &counts))
            } else {
                others.append(column)
            }
        }
        if let named, named.count != features.count {
            let present = Set(features.map(\.name))
            let absent = named.subtracting(present).sorted()
            throw LearningError(
                .unknownColumn, "there is no column \"\(absent[0])\"",
                advice: "Correct the list of features (\(absent.count) of it are not in the table).")
        }
        guard !features.isEmpty else {
            throw LearningError(
                .noFeatures, "there is no feature to learn from",
                advice: "Give a table with at least one column beside the target.")
        }
        return WorkingColumns(features: features, others: others, rowCount: table.rowCount)
    }
}
