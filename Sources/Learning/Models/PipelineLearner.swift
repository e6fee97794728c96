public import Statistics

/// Preparation and a learner behind it, fitted together: in a cross-validation both see the training rows alone.
public struct PipelineLearner: Learner {
    public var preparation: Preparation
    public var learner: AnyLearner
    /// Of the preparation's random choices.
    public var seed: UInt64

    public init(preparation: Preparation, learner: AnyLearner, seed: UInt64) {
        self.preparation = preparation
        self.learner = learner
        self.seed = seed
    }

    public func fit(
        _ table: Table, problem: LearningProblem, validation: Table?, control: TrainingControl
    ) throws(LearningError) -> any TrainedModel {
        try control.check()
        let (fitted, training) = try preparation.fit(table, problem: problem, seed: seed, control: control)
        let watched: Table? = if let validation { try fitted.apply(validation) } else { nil }
        let model = try learner.fit(
            training, problem: fitted.problem(problem), validation: watched, control: control)
        return TrainedPipeline(preparation: fitted, model: model)
    }
}

/// A learner of any kind that can be written down.
public enum AnyLearner: Learner {
    case boostedTrees(BoostingParameters)
    case linear(LinearParameters)
    case perceptron(PerceptronParameters)

    public func fit(
        _ table: Table, problem: LearningProblem, validation: Table?, control: TrainingControl
    ) throws(LearningError) -> any TrainedModel {
        switch self {
        case .boostedTrees(let parameters):
            try BoostedTreeLearner(parameters: parameters).fit(
                table, problem: problem, validation: validation, control: control)
        case .linear(let parameters):
            try LinearLearner(parameters: parameters).fit(
                table, problem: problem, validation: validation, control: control)
        case .perceptron(let parameters):
            try PerceptronLearner(parameters: parameters).fit(
                table, problem: problem, validation: validation, control: control)
        }
    }
}

/// A fitted preparation and the model behind it: takes raw tables, as production has them.
public struct TrainedPipeline: TrainedModel {
    static let container = ArtifactContainer(magic: "TIDEPIPE")

    public let preparation: FittedPreparation
    public let model: any TrainedModel

    public init(preparation: FittedPreparation, model: any TrainedModel) {
        self.preparation = preparation
        self.model = model
    }

    public var task: ModelTask { model.task }
    public var target: String { model.target }
    public var featureNames: [String] { preparation.inputNames }

    /// What does not fit the preparation counts as what does not fit the model.
    public func predict(_ table: Table) throws(LearningError) -> Predictions {
        var state = PreparationState()
        let (prepared, counts) = try preparation.apply(table, state: &state)
        let said = try model.predict(prepared)
        var alignment = said.alignment
        alignment.absentColumns += counts.absentColumns
        alignment.unseenCategories += counts.unseenCategories
        alignment.unreadable += counts.unreadable
        alignment.outOfRange += counts.outOfRange
        return Predictions(
            task: said.task, numbers: said.numbers, negativeLabel: said.negativeLabel, alignment: alignment)
    }

    public func serialized() throws(LearningError) -> [UInt8] {
        try Self.container.pack(true, parts: [try preparation.serialized(), try model.serialized()])
    }

    init(serialized bytes: [UInt8], depth: Int) throws(LearningError) {
        let (_, parts) = try Self.container.unpack(bytes, as: Bool.self)
        guard parts.count == 2 else { throw Self.container.corrupt("a pipeline of \(parts.count) parts") }
        preparation = try FittedPreparation(serialized: parts[0])
        model = try ModelArtifact.load(parts[1], depth: depth + 1)
    }
}
