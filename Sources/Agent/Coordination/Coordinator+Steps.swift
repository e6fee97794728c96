import Detection
import Registry
import Retraining
import Statistics
import Windowing

/// One boundary between panes, at which everything about one model is decided that was not decided before.
struct DecisionStep: Equatable {
    var model: String
    /// Panes of predictions below this are over.
    var drift: Int64
    /// The same of pairs.
    var pairs: Int64
    /// Whether predictions have come further with this step.
    var advancesDrift: Bool
    /// Whether pairs have come further with this step: what depends on labels is decided then and only then.
    var advancesPairs: Bool
    /// The boundary in event time: `now` for everything that is decided.
    var atMicroseconds: Int64
}

/// How far a model has been decided on, in panes; `Int64.min` before the first.
struct DecidedPanes: Equatable {
    var drift: Int64 = .min
    var pairs: Int64 = .min
}

/// A batch may close many panes at once, or a pane may take many batches. So that neither can change a decision, the
/// coordinator goes through the boundaries one by one, in order of event time, and sees at each what it would have
/// seen had the batch ended there.
extension Coordinator {
    /// Goes through what has closed and has not been decided on: of all models the earliest boundary first, so that the
    /// order of what is said does not depend on batches either.
    ///
    /// - Parameter onCommand: takes the next command of a model, whose place has been reached.
    func forEachStep(_ body: (DecisionStep) -> Void, onCommand: (_ model: String) -> Void) {
        guard let slowest = PartitionProgress.slowest(progress.values) else { return }
        var moves = models.keys.sorted().compactMap { nextMove(of: $0, slowest: slowest) }
        while let first = moves.indices.min(by: { moves[$0].atMicroseconds < moves[$1].atMicroseconds }) {
            let model = moves[first].model
            switch moves[first] {
            case .step(let step): body(step)
            case .command: onCommand(model)
            }
            if let next = nextMove(of: model, slowest: slowest) { moves[first] = next } else { moves.remove(at: first) }
        }
    }

    /// What comes next of a model.
    private enum Move {
        case step(DecisionStep)
        case command(model: String, atMicroseconds: Int64)

        var model: String {
            switch self {
            case .step(let step): step.model
            case .command(let model, _): model
            }
        }

        var atMicroseconds: Int64 {
            switch self {
            case .step(let step): step.atMicroseconds
            case .command(_, let microseconds): microseconds
            }
        }
    }

    /// The model's next boundary, or the next command, where all boundaries before its place have been decided on; `nil` when
    /// neither has come.
    private func nextMove(of name: String, slowest: PartitionProgress) -> Move? {
        guard let model = models[name] else { return nil }
        let (drift, pairs) = (slowest.driftWatermark, slowest.pairWatermark)
        if let step = model.nextStep(driftWatermark: drift, pairWatermark: pairs) { return .step(step) }
        guard let command = model.upcoming.first, model.hasReached(command, drift: drift, pairs: pairs) else {
            return nil
        }
        return .command(model: name, atMicroseconds: command.position.moment ?? .min)
    }

    /// Goes to a boundary. Returns the labelled rows that are new there.
    func advance(to step: DecisionStep) -> [LabelledRow] {
        decidedMicroseconds = step.atMicroseconds
        models[step.model]?.decided = DecidedPanes(drift: step.drift, pairs: step.pairs)
        let panes = models[step.model]?.settings.geometry.panesPerWindow ?? 0
        for version in models[step.model]?.versions.keys.sorted() ?? [] {
            models[step.model]?.versions[version]?.heard.forget(before: min(step.drift, step.pairs))
            models[step.model]?.versions[version]?.sampled.drop(before: step.drift - panes)
        }
        return models[step.model]?.takeRows(joinedBefore: step.pairs) ?? []
    }
}

extension WatchedModel {
    /// The next boundary at which there may be something to decide: after a pane with content, and as long as a window
    /// can reach back to one. Silent stretches are passed over, however long, and are not decided on: what a partition that
    /// had been idle brings of them later has its turn then.
    func nextStep(driftWatermark: Int64, pairWatermark: Int64) -> DecisionStep? {
        let geometry = settings.geometry
        // A command that is to come holds either stream at its own place.
        let limit = upcoming.first.map { panes(of: $0.position) } ?? DecidedPanes(drift: .max, pairs: .max)
        let drift = max(decided.drift, min(limit.drift, geometry.closedBefore(watermark: driftWatermark)))
        let pairs = max(decided.pairs, min(limit.pairs, geometry.closedBefore(watermark: pairWatermark)))
        // As after most batches: no pane has closed.
        guard drift > decided.drift || pairs > decided.pairs else { return nil }
        let nextDrift = nextDriftBoundary.flatMap { $0 <= drift ? $0 : nil }
        let nextPairs = nextPairBoundary.flatMap { $0 <= pairs ? $0 : nil }
        guard let boundary = [nextDrift, nextPairs].compactMap(\.self).min() else { return nil }
        return DecisionStep(
            model: settings.name, drift: max(decided.drift, min(boundary, drift)),
            pairs: max(decided.pairs, min(boundary, pairs)), advancesDrift: nextDrift == boundary,
            advancesPairs: nextPairs == boundary, atMicroseconds: geometry.start(of: boundary))
    }

    /// Whether both streams have come to a command's place.
    fileprivate func hasReached(_ command: ChampionCommand, drift: Int64, pairs: Int64) -> Bool {
        let (place, geometry) = (panes(of: command.position), settings.geometry)
        return max(decided.drift, geometry.closedBefore(watermark: drift)) >= place.drift
            && max(decided.pairs, geometry.closedBefore(watermark: pairs)) >= place.pairs
    }

    /// Where panes of predictions are next to be judged.
    private var nextDriftBoundary: Int64? {
        let reach = reach(from: decided.drift)
        return versions.values.flatMap { version in
            [version.drift.firstPane(after: reach), version.learner?.firstPane(after: reach)].compactMap(\.self)
        }.min().map { boundary(after: $0, decided: decided.drift) }
    }

    /// Where pairs are next to be judged, estimates to be reconciled, or drift is next to be asked for a retraining.
    private var nextPairBoundary: Int64? {
        let reach = reach(from: decided.pairs)
        let panes = versions.values.compactMap { $0.performance.firstPane(after: reach) }
        let due = versions.filter { isJudged($0.key) }.values.compactMap { version in
            version.labels.estimator?.nextBoundary(geometry: settings.geometry)
        }
        let shares = driftedShares.nextMicroseconds(after: decided.pairs == .min ? .min : decidedPairsMicroseconds)
        // Shares were measured at boundaries, but with other panes before a restart these need not be boundaries now.
        let others = due + [shares.map(settings.geometry.pane(at:))].compactMap(\.self)
        return
            (panes.map { boundary(after: $0, decided: decided.pairs) }
            + others.map { max($0, boundary(after: .min, decided: decided.pairs)) }).min()
    }

    /// The moment up to which pairs are decided on, microseconds since 1970 UTC.
    var decidedPairsMicroseconds: Int64 {
        decided.pairs == .min ? .min : settings.geometry.start(of: decided.pairs)
    }

    /// Panes up to this one are in no window that is still to be judged.
    private func reach(from decided: Int64) -> Int64 {
        decided == .min ? .min : decided - settings.geometry.panesPerWindow - 1
    }

    private func boundary(after pane: Int64, decided: Int64) -> Int64 {
        max(pane == .min ? .min : pane + 1, decided == .min ? .min : decided + 1)
    }

    /// Moves the labelled rows that were complete before a boundary to those that a retraining may use, and returns them.
    mutating func takeRows(joinedBefore boundary: Int64) -> [LabelledRow] {
        guard boundary != .min, !arriving.isEmpty else { return [] }
        let end = settings.geometry.start(of: boundary)
        let rows = arriving.filter { $0.joinedMicroseconds < end }
        arriving.removeAll { $0.joinedMicroseconds < end }
        buffer.append(rows)
        return rows
    }

    /// Keeps labelled rows until all partitions have come as far. A batch brings fewer than the limit; where a partition is
    /// so far ahead that it is reached, the rows that came first are left out of retrainings.
    mutating func keep(arriving rows: [LabelledRow]) {
        arriving += rows
        arriving.removeFirst(max(0, arriving.count - max(2 * configuration.retraining.maximumRows, 20_000)))
    }
}
