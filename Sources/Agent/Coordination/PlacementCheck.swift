import Events
import Windowing

/// Finds out that the two halves of events go to different partitions, where they never meet: the producers of predictions and
/// outcomes partition differently, or the topics have not the same number of partitions.
struct PlacementCheck {
    /// So many ids that were seen apart are no accident: an id is an event's alone.
    private static let enough = 5

    private var predictions = RecentPlaces()
    private var outcomes = RecentPlaces()
    private var apart = 0
    private var hasSaid = false

    /// - Returns: what a person should know, once.
    mutating func add(_ placement: SampledPlacement, partition: Int32) -> String? {
        guard !hasSaid else { return nil }
        let other: Int32?
        if placement.isOutcome {
            outcomes.insert(placement.identifier, partition)
            other = predictions[placement.identifier]
        } else {
            predictions.insert(placement.identifier, partition)
            other = outcomes[placement.identifier]
        }
        guard let other, other != partition else { return nil }
        apart += 1
        guard apart >= Self.enough else { return nil }
        hasSaid = true
        let (prediction, outcome) = placement.isOutcome ? (other, partition) : (partition, other)
        return
            "\(placement.model): predictions and outcomes with one id are in different partitions (one of \(apart) found: "
            + "the prediction in \(prediction), its outcome in \(outcome)), where they are never joined. Both producers "
            + "must use the id as the record's key and the same partitioner (`murmur2_random` where one of them is the Java "
            + "client's), and both topics must have as many partitions."
    }
}

/// Where the ids that came last were seen, a bounded number of them.
private struct RecentPlaces {
    private static let capacity = 4_096
    private var places: [EventIdentifier: Int32] = [:]
    private var order: [EventIdentifier] = []
    private var oldest = 0

    subscript(_ identifier: EventIdentifier) -> Int32? { places[identifier] }

    mutating func insert(_ identifier: EventIdentifier, _ partition: Int32) {
        guard places.updateValue(partition, forKey: identifier) == nil else { return }
        if order.count < Self.capacity {
            order.append(identifier)
        } else {
            places[order[oldest]] = nil
            order[oldest] = identifier
            oldest = (oldest + 1) % Self.capacity
        }
    }
}
