/// Where a training of a perceptron stands after an epoch. From here it ends with the same bytes as one that was not
/// interrupted, if table, problem and parameters are the same; only `epochs` may differ.
///
/// Its bytes are a `ModelContainer` "TIDEMLPC".
public struct PerceptronCheckpoint: Sendable, Equatable {
    struct State: Sendable, Equatable {
        var parameters: [Float]
        var statistics: [Float]
        var firstMoments: [Float]
        var secondMoments: [Float]
        /// Of Adam.
        var steps: Int
        var bestParameters: [Float]
        var bestStatistics: [Float]
        /// 0 before the first epoch.
        var bestEpoch: Int
        /// One per epoch done.
        var losses: [EpochLoss]
    }

    private struct Header: Codable {
        var fingerprint: String
        var parameters: Int
        var statistics: Int
        var steps: Int
        var bestEpoch: Int
        var losses: [EpochLoss]
    }

    private let fingerprint: String
    private let state: State

    private static let container = ModelContainer(magic: "TIDEMLPC", formatVersion: 1)

    init(fingerprint: String, state: State) {
        self.fingerprint = fingerprint
        self.state = state
    }

    /// Epochs done.
    public var epoch: Int { state.losses.count }

    /// - Throws: `LearningError(.corruptModel)` if the bytes are damaged, `.unsupportedModel` for another format
    ///   version.
    public init(serialized bytes: [UInt8]) throws(LearningError) {
        let (header, payload) = try Self.container.unpack(bytes, header: Header.self)
        let (width, extra) = (header.parameters, header.statistics)
        guard (1...NetworkShape.maximumParameters).contains(width), (0...width).contains(extra),
            (0...header.losses.count).contains(header.bestEpoch), header.steps >= 0
        else { throw ModelContainer.corrupt("its numbers are out of range") }
        let numbers = try NumberBytes.floats(payload, count: 4 * width + 2 * extra)
        func part(_ index: Int) -> [Float] { Array(numbers[(index * width)..<((index + 1) * width)]) }
        fingerprint = header.fingerprint
        state = State(
            parameters: part(0), statistics: Array(numbers[(4 * width)..<(4 * width + extra)]), firstMoments: part(1),
            secondMoments: part(2), steps: header.steps, bestParameters: part(3),
            bestStatistics: Array(numbers.suffix(extra)), bestEpoch: header.bestEpoch, losses: header.losses)
    }

    public func serialized() throws(LearningError) -> [UInt8] {
        let header = Header(
            fingerprint: fingerprint, parameters: state.parameters.count, statistics: state.statistics.count,
            steps: state.steps, bestEpoch: state.bestEpoch, losses: state.losses)
        let numbers =
            state.parameters + state.firstMoments + state.secondMoments + state.bestParameters + state.statistics
            + state.bestStatistics
        return try Self.container.pack(header: header, payload: NumberBytes.bytes(numbers))
    }

    func state(fingerprint: String, shape: NetworkShape) throws(LearningError) -> State {
        guard fingerprint == self.fingerprint, state.parameters.count == shape.parameterCount,
            state.statistics.count == shape.statisticsCount
        else {
            throw LearningError(
                .invalidParameter, "the checkpoint is of another training",
                advice: "Resume with the table, the problem and the parameters it was made with, or start anew.")
        }
        return state
    }
}

/// Whether a training begins at a checkpoint, and what becomes of those it makes.
public struct PerceptronCheckpoints: Sendable {
    public typealias Save = @Sendable (PerceptronCheckpoint) throws(LearningError) -> Void

    /// `nil` for a training from the beginning.
    public var start: PerceptronCheckpoint?
    public var everyEpochs: Int
    /// Called after an epoch, on the training's thread; what it throws ends the training.
    public var save: Save

    public init(start: PerceptronCheckpoint? = nil, everyEpochs: Int = 1, save: @escaping Save = { _ in }) {
        self.start = start
        self.everyEpochs = everyEpochs
        self.save = save
    }
}
