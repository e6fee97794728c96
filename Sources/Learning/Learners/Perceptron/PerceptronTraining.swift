import Foundation
import Statistics

/// The losses of one epoch, per unit of weight. For a regression in squares of the target's standard deviation.
public struct EpochLoss: Codable, Sendable, Equatable {
    /// Over the batches of the epoch, with dropout, while the weights change.
    public var training: Double
    /// After the epoch; `nil` without validation rows.
    public var validation: Double?
}

/// Rows with their outcomes, as the loss takes them.
struct LabelledRows: Sendable {
    var encoded: EncodedRows
    /// Per row of `encoded`.
    var targets: [Float]
    var weights: [Float]
    /// The rows of `encoded` that belong to this part, in order.
    var rows: [Int]
}

/// The epochs: each has its own generator, made from the seed and its number, so that a resumed training goes on as if
/// it had not been interrupted.
struct PerceptronTraining {
    let parameters: PerceptronParameters
    let shape: NetworkShape
    let loss: NetworkLoss
    let training: LabelledRows
    let validation: LabelledRows?

    struct Outcome {
        var parameters: [Float]
        var statistics: [Float]
        /// Counted from 1.
        var bestEpoch: Int
        var losses: [EpochLoss]
    }

    func run(control: TrainingControl, checkpoints: PerceptronCheckpoints?) throws(LearningError) -> Outcome {
        let fingerprint = checkpoints == nil ? "" : try fingerprint()
        var state =
            try checkpoints?.start.map { start throws(LearningError) in
                try start.state(fingerprint: fingerprint, shape: shape)
            } ?? initialState()
        let network = Network(
            shape: shape, parameters: state.parameters, statistics: state.statistics,
            capacity: min(parameters.batchSize + 1, training.rows.count), isTraining: true)
        let adam = Adam(
            shape: shape, learningRate: parameters.learningRate, weightDecay: parameters.weightDecay,
            firstMoments: state.firstMoments, secondMoments: state.secondMoments, steps: state.steps)
        while state.losses.count < parameters.epochs, !hasStopped(state) {
            let epoch = state.losses.count + 1
            let trained = try self.epoch(epoch, network, adam, control)
            let validated = try validation.map { rows throws(LearningError) in try lossOf(rows, network, control) }
            guard trained.isFinite, validated?.isFinite ?? true, network.isFinite else {
                throw LearningError(
                    .invalidParameter, "the loss or a weight is no number any more in epoch \(epoch)",
                    advice: "Set learningRate lower than \(parameters.learningRate), or look for extreme values.")
            }
            state.losses.append(EpochLoss(training: trained, validation: validated))
            if validated == nil || (validated ?? 0) < bestLoss(state) {
                state.bestEpoch = epoch
                state.bestParameters = network.parameters.numbers
                state.bestStatistics = network.statistics.numbers
            }
            control.progress(Double(epoch) / Double(parameters.epochs), text(epoch, trained, validated))
            if let checkpoints, epoch % max(checkpoints.everyEpochs, 1) == 0 {
                state.parameters = network.parameters.numbers
                state.statistics = network.statistics.numbers
                state.firstMoments = adam.firstMoments.numbers
                state.secondMoments = adam.secondMoments.numbers
                state.steps = adam.steps
                try checkpoints.save(PerceptronCheckpoint(fingerprint: fingerprint, state: state))
            }
        }
        return Outcome(
            parameters: state.bestParameters, statistics: state.bestStatistics, bestEpoch: state.bestEpoch,
            losses: state.losses)
    }

    private func initialState() -> PerceptronCheckpoint.State {
        var generator = SplitMix(seed: UInt64(parameters.seed))
        let first = shape.initialParameters(&generator)
        let zeros = [Float](repeating: 0, count: shape.parameterCount)
        return PerceptronCheckpoint.State(
            parameters: first, statistics: shape.initialStatistics, firstMoments: zeros, secondMoments: zeros, steps: 0,
            bestParameters: first, bestStatistics: shape.initialStatistics, bestEpoch: 0, losses: [])
    }

    private func bestLoss(_ state: PerceptronCheckpoint.State) -> Double {
        state.bestEpoch == 0 ? .infinity : state.losses[state.bestEpoch - 1].validation ?? .infinity
    }

    private func hasStopped(_ state: PerceptronCheckpoint.State) -> Bool {
        guard let patience = parameters.patience, validation != nil else { return false }
        return state.losses.count - state.bestEpoch >= patience
    }

    private func text(_ epoch: Int, _ trained: Double, _ validated: Double?) -> String {
        let tail = validated.map { String(format: ", validation %.5f", $0) } ?? ""
        return String(format: "epoch %d: loss %.5f", epoch, trained) + tail
    }

    /// - Returns: the loss per unit of weight.
    private func epoch(
        _ epoch: Int, _ network: Network, _ adam: Adam, _ control: TrainingControl
    ) throws(LearningError) -> Double {
        var generator = SplitMix(seed: SplitMix.mixed(UInt64(parameters.seed) &+ UInt64(epoch) << 32))
        let order = training.rows.shuffled(using: &generator)
        var gradient = [Float](repeating: 0, count: network.capacity * shape.outputs)
        var (sum, total) = (0.0, 0.0)
        var start = 0
        while start < order.count {
            try control.check()
            var end = min(start + parameters.batchSize, order.count)
            // A batch of one row has no variance: the last one joins the batch before it.
            if end + 1 == order.count { end += 1 }
            let batch = order[start..<end]
            network.load(training.encoded, rows: batch)
            network.forward(dropout: parameters.dropout, &generator)
            let weights = batch.map { training.weights[$0] }
            sum += loss.evaluate(
                network.scores, targets: batch.map { training.targets[$0] }, weights: weights, gradient: &gradient)
            for weight in weights { total += Double(weight) }
            network.backward(gradient, dropout: parameters.dropout)
            adam.update(network.parameters, gradients: network.gradients)
            start = end
        }
        return total > 0 ? sum / total : 0
    }

    private func lossOf(
        _ rows: LabelledRows, _ network: Network, _ control: TrainingControl
    ) throws(LearningError) -> Double {
        var gradient = [Float](repeating: 0, count: network.capacity * shape.outputs)
        var (sum, total) = (0.0, 0.0)
        for start in stride(from: 0, to: rows.rows.count, by: network.capacity) {
            try control.check()
            let block = rows.rows[start..<min(start + network.capacity, rows.rows.count)]
            network.load(rows.encoded, rows: block)
            network.predict()
            let weights = block.map { rows.weights[$0] }
            sum += loss.evaluate(
                network.scores, targets: block.map { rows.targets[$0] }, weights: weights, gradient: &gradient)
            for weight in weights { total += Double(weight) }
        }
        return total > 0 ? sum / total : 0
    }

    /// Of everything the weights follow from, but how many epochs there are at most.
    private func fingerprint() throws(LearningError) -> String {
        var fixed = parameters
        fixed.epochs = 1
        var bytes = Array(try ModelContainer.json(fixed))
        for part in [training, validation].compactMap(\.self) {
            for hash in [
                part.encoded.numbers.withUnsafeBytes(ByteHash.fnv1a),
                part.encoded.codes.withUnsafeBytes(ByteHash.fnv1a),
                part.targets.withUnsafeBytes(ByteHash.fnv1a), part.weights.withUnsafeBytes(ByteHash.fnv1a),
                part.rows.withUnsafeBytes(ByteHash.fnv1a),
            ] {
                withUnsafeBytes(of: hash.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return String(bytes.withUnsafeBytes(ByteHash.fnv1a), radix: 16)
    }
}
