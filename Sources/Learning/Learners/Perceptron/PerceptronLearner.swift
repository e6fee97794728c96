import Statistics

/// A multilayer perceptron on numbers, booleans and categories.
///
/// Numbers are brought to mean 0 and variance 1 by the training rows, inside the model; a missing or infinite one
/// counts as the mean (add a missing indicator where absence tells something). Categories have learned embeddings; a
/// missing, rare or unseen one has an embedding of its own. A regression target is scaled likewise. Single precision
/// throughout, one thread; same table, problem and parameters, same bytes.
public struct PerceptronLearner: Learner {
    public var parameters: PerceptronParameters

    public init(parameters: PerceptronParameters = PerceptronParameters()) { self.parameters = parameters }

    public func fit(
        _ table: Table, problem: LearningProblem, validation: Table? = nil, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> any TrainedModel {
        try fitPerceptron(table, problem: problem, validation: validation, control: control)
    }

    /// As `fit`, with checkpoints and the kind of its model.
    /// - Throws: besides what every learner throws, `.invalidParameter` if the checkpoint is of another training or the
    ///   loss grows beyond all bounds.
    public func fitPerceptron(
        _ table: Table, problem: LearningProblem, validation: Table? = nil,
        control: TrainingControl = TrainingControl(), checkpoints: PerceptronCheckpoints? = nil
    ) throws(LearningError) -> PerceptronModel {
        try parameters.validate()
        try control.check()
        let names = try problem.featureNames(in: table)
        let encoded = try EncodedTarget(table.column(named: problem.target), task: problem.task)
        let learnable = encoded.rows.count == table.rowCount ? table : table.rows(encoded.rows)
        let parts: (training: [Int], validation: [Int]) =
            validation == nil
            ? try PerceptronHoldOut.split(
                learnable, problem: problem, share: parameters.validationShare, seed: parameters.seed)
            : (Array(0..<learnable.rowCount), [])
        // A category of the held out rows only is unseen.
        let schema = try FeatureSchema.fit(
            parts.validation.isEmpty ? learnable : learnable.rows(parts.training), names: names,
            maximumCategories: parameters.maximumCategories)
        let shape = NetworkShape(schema: schema, parameters: parameters, task: problem.task)
        guard shape.parameterCount <= NetworkShape.maximumParameters else {
            throw LearningError(
                .invalidInput,
                "the network has \(shape.parameterCount) weights, more than \(NetworkShape.maximumParameters)",
                advice: "Add a selection step, or set fewer hidden units.")
        }
        let encoder = PerceptronEncoder(schema: schema, fittedOn: learnable, rows: parts.training)
        let weighting = try RowWeights(problem, target: encoded)
        let weights = try weighting.weights(of: table, target: encoded) ?? encoded.rows.map { _ in 1 }
        let trainedWeight = parts.training.reduce(0) { $0 + weights[$1] }
        guard trainedWeight > 0 else {
            throw LearningError(
                .invalidParameter, "every training row weighs 0", advice: "Give more rows a weight above 0.")
        }
        let scale = TargetScale(encoded, task: problem.task, rows: parts.training)
        let factor = Double(parts.training.count) / trainedWeight
        let all = labelled(learnable, encoded, weights, scale, factor, encoder)
        var held = all
        held.rows = parts.validation
        if let validation {
            held = try labelled(validation: validation, problem: problem, weighting, scale, factor, encoder)
        }
        var training = all
        training.rows = parts.training
        let outcome = try PerceptronTraining(
            parameters: parameters, shape: shape, loss: NetworkLoss(problem.task), training: training,
            validation: held.rows.isEmpty ? nil : held
        ).run(control: control, checkpoints: checkpoints)
        let header = PerceptronHeader(
            schema: schema, means: encoder.means, scales: encoder.scales, task: problem.task, target: problem.target,
            targetMean: scale.mean, targetScale: scale.scale, negativeLabel: encoded.negativeLabel,
            parameters: parameters, rows: parts.training.count, validationRows: held.rows.count,
            rowsWithoutTarget: table.rowCount - encoded.rows.count, bestEpoch: outcome.bestEpoch, losses: outcome.losses
        )
        return PerceptronModel(
            header: header, shape: shape, parameters: outcome.parameters, statistics: outcome.statistics)
    }

    private func labelled(
        _ table: Table, _ target: EncodedTarget, _ weights: [Double], _ scale: TargetScale, _ factor: Double,
        _ encoder: PerceptronEncoder
    ) -> LabelledRows {
        var counts = AlignmentCounts()
        return LabelledRows(
            encoded: encoder.encode(table, rows: 0..<table.rowCount, counts: &counts),
            targets: target.labels.map { Float((Double($0) - scale.mean) / scale.scale) },
            weights: weights.map { Float($0 * factor) }, rows: Array(0..<table.rowCount))
    }

    private func labelled(
        validation table: Table, problem: LearningProblem, _ weighting: RowWeights, _ scale: TargetScale,
        _ factor: Double, _ encoder: PerceptronEncoder
    ) throws(LearningError) -> LabelledRows {
        do {
            let target = try EncodedTarget(
                table.column(named: problem.target), task: problem.task, allowsOneClass: true)
            let weights = try weighting.weights(of: table, target: target) ?? target.rows.map { _ in 1 }
            return labelled(table.rows(target.rows), target, weights, scale, factor, encoder)
        } catch {
            throw LearningError(error.code, "validation table: \(error.message)", advice: error.advice)
        }
    }
}

/// Of a regression target: mean and standard deviation of the training rows (1 if constant); 0 and 1 for classes.
private struct TargetScale {
    var mean = 0.0
    var scale = 1.0

    init(_ target: EncodedTarget, task: ModelTask, rows: [Int]) {
        guard task == .regression else { return }
        mean = rows.reduce(0) { $0 + Double(target.labels[$1]) } / Double(rows.count)
        let squares = rows.reduce(0) { $0 + (Double(target.labels[$1]) - mean) * (Double(target.labels[$1]) - mean) }
        let deviation = (squares / Double(rows.count)).squareRoot()
        if deviation > 0 { scale = deviation }
    }
}

extension NetworkShape {
    /// 80 MB of weights, four times that in training.
    static let maximumParameters = 20_000_000
}
