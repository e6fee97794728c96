public import Events

/// Which partition one half of an event was seen in. Few are looked at, chosen by the id's hash: the same ids in every
/// partition, so that it shows when the two halves of an event are in different ones.
public struct SampledPlacement: Sendable, Equatable {
    /// The model's name.
    public var model: String
    public var identifier: EventIdentifier
    /// An outcome that met no prediction; else a prediction.
    public var isOutcome: Bool

    /// One id in so many.
    static let interval: UInt64 = 64
    /// More are not kept between two handovers.
    static let maximum = 64

    public init(model: String, identifier: EventIdentifier, isOutcome: Bool) {
        self.model = model
        self.identifier = identifier
        self.isOutcome = isOutcome
    }
}

extension PartitionPipeline {
    /// The halves of events seen since the last call, a sample of them.
    public func takePlacements() -> [SampledPlacement] {
        defer { placements.removeAll(keepingCapacity: true) }
        return placements
    }

    @inline(__always)
    func notePlacement(of identifier: EventIdentifier, model: ModelStream, isOutcome: Bool) {
        // Other bits than those by which waiting halves are thinned.
        guard identifier.high % SampledPlacement.interval == 0, placements.count < SampledPlacement.maximum else {
            return
        }
        placements.append(
            SampledPlacement(model: model.settings.name, identifier: identifier, isOutcome: isOutcome))
    }
}
