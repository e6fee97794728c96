import Statistics

/// Decides when a run starts: one at a time, not too soon after the last one, with enough rows.
public struct RetrainingPlanner: Sendable {
    public let policy: RetrainingPolicy
    public private(set) var isRunning = false
    private var memory = Memory()

    /// What outlives a restart. A run under way does so with its rows, beside this (``resume()``).
    private struct Memory: Codable, Sendable {
        var lastEndMicroseconds: Int64?
        var firstDecisionMicroseconds: Int64?
        var isDemanded = false
    }

    public init(policy: RetrainingPolicy) {
        self.policy = policy
    }

    /// Whether somebody wants a run that has not begun.
    public var isDemanded: Bool { memory.isDemanded }

    /// Somebody wants a run as soon as there are enough rows. Neither cool-down nor `isEnabled` stands against it.
    public mutating func demand() {
        memory.isDemanded = true
    }

    /// Whether a run has to start now. After `.start` the planner takes it as running until ``finish(atMicroseconds:)``.
    public mutating func decide(_ inputs: RetrainingInputs) -> RetrainingDecision {
        // A run that ended before event time was known ended when it becomes known.
        if memory.lastEndMicroseconds == .min { memory.lastEndMicroseconds = inputs.nowMicroseconds }
        let decision = judge(inputs)
        if memory.firstDecisionMicroseconds == nil, inputs.nowMicroseconds != .min {
            memory.firstDecisionMicroseconds = inputs.nowMicroseconds
        }
        if case .start(let trigger) = decision {
            isRunning = true
            if trigger == .onDemand { memory.isDemanded = false }
        }
        return decision
    }

    /// A run that a crash interrupted goes on.
    public mutating func resume() { isRunning = true }

    /// A run has ended: the cool-down begins.
    public mutating func finish(atMicroseconds now: Int64) {
        isRunning = false
        coolDown(fromMicroseconds: now)
    }

    /// The cool-down begins without a run having ended: a version was rolled back.
    public mutating func coolDown(fromMicroseconds now: Int64) {
        memory.lastEndMicroseconds = now
    }

    private func judge(_ inputs: RetrainingInputs) -> RetrainingDecision {
        guard policy.isEnabled || memory.isDemanded else { return .skip(.disabled) }
        guard let trigger = trigger(inputs) else { return .skip(.nothingDue) }
        guard !isRunning else { return .skip(.alreadyRunning) }
        if trigger != .onDemand, let last = memory.lastEndMicroseconds {
            let elapsed = EventTimeSpan.elapsed(from: last, to: inputs.nowMicroseconds)
            guard let elapsed, elapsed >= policy.cooldownMicroseconds else { return .skip(.coolingDown) }
        }
        guard inputs.rows >= policy.minimumRows else { return .skip(.tooFewRows) }
        return .start(trigger)
    }

    private func trigger(_ inputs: RetrainingInputs) -> RetrainingTrigger? {
        if memory.isDemanded { return .onDemand }
        if let floor = policy.performanceFloor, let value = inputs.metrics[floor.metric],
            floor.metric.higherIsBetter ? value < floor.below : value > floor.below
        {
            return .performanceBelow(floor.metric, value: value, floor: floor.below)
        }
        if let limit = policy.driftedShareAbove, let share = inputs.driftedShare, share > limit {
            return .driftedShareAbove(share: share, limit: limit)
        }
        if let schedule = policy.scheduleMicroseconds,
            let since = memory.lastEndMicroseconds ?? memory.firstDecisionMicroseconds,
            let elapsed = EventTimeSpan.elapsed(from: since, to: inputs.nowMicroseconds), elapsed >= schedule
        {
            return .schedule
        }
        return nil
    }
}

extension RetrainingPlanner: Codable {
    /// What a checkpoint keeps; the policy is the configuration's, not the checkpoint's.
    public init(from decoder: any Decoder) throws {
        policy = RetrainingPolicy(isEnabled: false, cooldownMicroseconds: 0, minimumRows: 0)
        memory = try Memory(from: decoder)
    }

    public func encode(to encoder: any Encoder) throws {
        try memory.encode(to: encoder)
    }

    /// Takes over what a checkpoint kept, under this planner's own policy.
    public mutating func restore(from other: RetrainingPlanner) {
        memory = other.memory
    }
}
