/// What a regression said in one pane: how often, and a sample of the messages, from which its loss is estimated.
public struct PredictedRows: Sendable, Equatable {
    /// Predictions with a number.
    public var count: Int64
    public var sample: PaneRows

    public init(count: Int64, sample: PaneRows) {
        self.count = count
        self.sample = sample
    }
}

extension PredictedRows: MergeableSummary {
    public mutating func merge(_ other: PredictedRows) {
        count &+= other.count
        sample.merge(other.sample)
    }

    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        writer.write(count)
        writer.write(bytes: sample.serialized())
        return writer.bytes
    }

    public init(serialized bytes: [UInt8]) throws {
        var reader = BinaryReader(bytes)
        self.init(count: try reader.read(), sample: try PaneRows(serialized: try reader.readBytes()))
    }
}
