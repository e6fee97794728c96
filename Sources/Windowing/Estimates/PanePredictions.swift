public import Statistics

/// What a model said in one pane, as far as an estimate of its performance needs it.
public enum PanePredictions: Sendable, Equatable {
    /// How often each score led to each decision: all predictions of a binary model.
    case binary(PredictionSummary)
    /// A sample of the score vectors of a multiclass model.
    case multiclass(ScoredSample)
    /// A sample of the rows of a regression.
    case regression(PredictedRows)
}

extension PredictionSummary: MergeableSummary {}

extension PanePredictions: MergeableSummary {
    /// - Precondition: of the same task.
    public mutating func merge(_ other: PanePredictions) {
        switch (self, other) {
        case (.binary(var own), .binary(let others)):
            own.merge(others)
            self = .binary(own)
        case (.multiclass(var own), .multiclass(let others)):
            own.merge(others)
            self = .multiclass(own)
        case (.regression(var own), .regression(let others)):
            own.merge(others)
            self = .regression(own)
        default: preconditionFailure("predictions of different tasks cannot be added")
        }
    }

    public func serialized() -> [UInt8] {
        switch self {
        case .binary(let summary): [0] + summary.serialized()
        case .multiclass(let sample): [1] + sample.serialized()
        case .regression(let rows): [2] + rows.serialized()
        }
    }

    public init(serialized bytes: [UInt8]) throws {
        switch bytes.first {
        case 0: self = .binary(try PredictionSummary(serialized: Array(bytes.dropFirst())))
        case 1: self = .multiclass(try ScoredSample(serialized: Array(bytes.dropFirst())))
        case 2: self = .regression(try PredictedRows(serialized: Array(bytes.dropFirst())))
        default: throw BinaryReader.Damage(at: 0, "predictions of no known task")
        }
    }
}

/// The pairs whose prediction lies in one pane, whenever their outcome came.
public struct LabelledPredictions: Sendable, Equatable {
    public var summary: PerformanceSummary
    /// Of a multiclass model, with the actual classes.
    public var sample = ScoredSample()
    /// Of a regression: the actual numbers.
    public var outcomes = OutcomeSample()

    public init(task: ModelTask) {
        summary = PerformanceSummary(task: task)
    }
}

extension LabelledPredictions: MergeableSummary {
    /// - Precondition: of the same task.
    public mutating func merge(_ other: LabelledPredictions) {
        summary.merge(other.summary)
        sample.merge(other.sample)
        outcomes.merge(other.outcomes)
    }

    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(bytes: summary.serialized())
        writer.write(bytes: sample.serialized())
        writer.write(bytes: outcomes.serialized())
        return writer.bytes
    }

    public init(serialized bytes: [UInt8]) throws {
        var reader = BinaryReader(bytes)
        summary = try PerformanceSummary(serialized: try reader.readBytes())
        sample = try ScoredSample(serialized: try reader.readBytes())
        // Those that were written before regressions were estimated end here.
        if !reader.isAtEnd { outcomes = try OutcomeSample(serialized: try reader.readBytes()) }
    }
}

/// Numbers of events by pane.
public struct PaneCounts: Sendable, Equatable {
    public var counts: [Int64: Int64] = [:]

    public init(_ counts: [Int64: Int64] = [:]) {
        self.counts = counts
    }

    /// In the panes of a range.
    public func total(from first: Int64, through last: Int64) -> Int64 {
        counts.reduce(0) { $1.key >= first && $1.key <= last ? $0 &+ $1.value : $0 }
    }
}

extension PaneCounts: MergeableSummary {
    public mutating func merge(_ other: PaneCounts) { counts.merge(other.counts, uniquingKeysWith: &+) }

    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(UInt32(counts.count))
        for (pane, count) in counts.sorted(by: { $0.key < $1.key }) {
            writer.write(pane)
            writer.write(count)
        }
        return writer.bytes
    }

    public init(serialized bytes: [UInt8]) throws {
        var reader = BinaryReader(bytes)
        for _ in 0..<(try reader.read() as UInt32) {
            let pane: Int64 = try reader.read()
            counts[pane] = try reader.read()
        }
    }
}
