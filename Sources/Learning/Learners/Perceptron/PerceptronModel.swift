import Foundation
public import Statistics

/// What a serialised perceptron says about itself, before its weights.
struct PerceptronHeader: Codable, Sendable, Equatable {
    var schema: FeatureSchema
    /// Of the numeric and boolean features, in their order.
    var means: [Double]
    var scales: [Double]
    var task: ModelTask
    var target: String
    /// A regression's prediction is output × scale + mean.
    var targetMean: Double
    var targetScale: Double
    var negativeLabel: String
    var parameters: PerceptronParameters
    var rows: Int
    var validationRows: Int
    var rowsWithoutTarget: Int
    var bestEpoch: Int
    var losses: [EpochLoss]
}

/// A trained multilayer perceptron. It may be used from any thread.
///
/// The artifact is a `ModelContainer` "TIDEMLP1"; its payload are 32-bit floats: the parameters in the order that
/// `NetworkShape` tells, then the running statistics of batch norm.
public struct PerceptronModel: TrainedModel, Equatable {
    private let header: PerceptronHeader
    private let encoder: PerceptronEncoder
    private let shape: NetworkShape
    private let parameterNumbers: [Float]
    private let statistics: [Float]

    public var schema: FeatureSchema { header.schema }
    public var task: ModelTask { header.task }
    public var target: String { header.target }
    public var featureNames: [String] { header.schema.names }
    public var parameters: PerceptronParameters { header.parameters }
    /// Binary: the label given to rows that are not positive.
    public var negativeLabel: String { header.negativeLabel }
    /// Rows it was trained on, rows that were only watched, and rows that were left out because they had no target.
    public var rows: Int { header.rows }
    public var validationRows: Int { header.validationRows }
    public var rowsWithoutTarget: Int { header.rowsWithoutTarget }
    /// The epoch whose weights these are, counted from 1.
    public var bestEpoch: Int { header.bestEpoch }
    /// One per epoch that was trained.
    public var losses: [EpochLoss] { header.losses }

    private static let container = ModelContainer(magic: "TIDEMLP1", formatVersion: 1)
    /// Rows predicted at a time.
    private static let blockRows = 1_024

    init(header: PerceptronHeader, shape: NetworkShape, parameters: [Float], statistics: [Float]) {
        self.header = header
        encoder = PerceptronEncoder(schema: header.schema, means: header.means, scales: header.scales)
        self.shape = shape
        parameterNumbers = parameters
        self.statistics = statistics
    }

    /// Loads a model from the bytes of `serialized()`.
    /// - Throws: `LearningError(.corruptModel)` if they are damaged, `.unsupportedModel` for another format version.
    public init(serialized bytes: [UInt8]) throws(LearningError) {
        let (header, payload) = try Self.container.unpack(bytes, header: PerceptronHeader.self)
        do {
            try header.parameters.validate()
        } catch {
            throw ModelContainer.corrupt(error.message)
        }
        let numbers = header.schema.features.count { $0.kind != .categorical }
        guard header.means.count == numbers, header.scales.count == numbers, !header.schema.features.isEmpty,
            header.scales.allSatisfy({ $0 >= 0 }), header.targetScale > 0,
            !header.task.isMulticlass || header.task.classes.count > 1
        else { throw ModelContainer.corrupt("its columns, their scales and its task do not fit") }
        let shape = NetworkShape(schema: header.schema, parameters: header.parameters, task: header.task)
        let weights = try NumberBytes.floats(payload, count: shape.parameterCount + shape.statisticsCount)
        self.init(
            header: header, shape: shape, parameters: Array(weights.prefix(shape.parameterCount)),
            statistics: Array(weights.suffix(shape.statisticsCount)))
    }

    public func serialized() throws(LearningError) -> [UInt8] {
        try Self.container.pack(header: header, payload: NumberBytes.bytes(parameterNumbers + statistics))
    }

    public static func == (first: PerceptronModel, second: PerceptronModel) -> Bool {
        first.header == second.header && first.parameterNumbers == second.parameterNumbers
            && first.statistics == second.statistics
    }

    /// Predicts every row. A missing, unreadable or infinite number counts as the training mean, a missing or unseen
    /// category as the embedding of row 0.
    public func predict(_ table: Table) -> Predictions {
        var counts = AlignmentCounts()
        var output: [Double] = []
        output.reserveCapacity(table.rowCount * shape.outputs)
        let network = Network(
            shape: shape, parameters: parameterNumbers, statistics: statistics,
            capacity: min(Self.blockRows, table.rowCount), isTraining: false)
        for start in stride(from: 0, to: table.rowCount, by: Self.blockRows) {
            let range = start..<min(start + Self.blockRows, table.rowCount)
            network.load(encoder.encode(table, rows: range, counts: &counts), rows: 0..<range.count)
            network.predict()
            append(network.scores, rows: range.count, to: &output)
        }
        let isRegression = task == .regression
        return Predictions(
            task: task, rowCount: table.rowCount, probabilities: isRegression ? [] : output,
            values: isRegression ? output : [], negativeLabel: negativeLabel, alignment: counts)
    }

    private func append(_ scores: UnsafePointer<Float>, rows: Int, to output: inout [Double]) {
        let first = output.count
        for index in 0..<(rows * shape.outputs) { output.append(Double(scores[index])) }
        switch task {
        case .binary: for index in first..<output.count { output[index] = 1 / (1 + exp(-output[index])) }
        case .multiclass(let classes):
            for start in stride(from: first, to: output.count, by: classes.count) {
                Softmax.apply(&output, start..<(start + classes.count))
            }
        case .regression:
            for index in first..<output.count {
                output[index] = output[index] * header.targetScale + header.targetMean
            }
        }
    }
}
