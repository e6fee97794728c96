public import Events

/// The `capacity` items with the smallest id hashes of all that were offered.
///
/// Chosen by hash and not by arrival, so that order, batch size and restarts cannot change the choice. Items are pruned
/// in bulk, at twice the capacity: an item that belongs to the final choice is never pruned on the way.
public struct RowSample<Item> {
    private let capacity: Int
    private var items: [EventIdentifier: Item] = [:]
    /// Identifiers above this are known not to belong to the choice.
    var bound = EventIdentifier(high: .max, low: .max)

    public init(capacity: Int) {
        self.capacity = capacity
    }

    /// Whether an item with this identifier would be kept for now.
    public func admits(_ identifier: EventIdentifier) -> Bool {
        capacity > 0 && identifier <= bound
    }

    /// Offers an item; a second one with the same identifier is ignored.
    public mutating func offer(_ identifier: EventIdentifier, _ item: @autoclosure () -> Item) {
        guard admits(identifier), items[identifier] == nil else { return }
        items[identifier] = item()
        if items.count >= 2 * capacity { prune() }
    }

    public subscript(identifier: EventIdentifier) -> Item? { items[identifier] }

    /// The largest identifier that belongs to the choice among all items offered so far.
    public mutating func finalBound() -> EventIdentifier {
        prune()
        return bound
    }

    /// The chosen items in the order of their identifiers.
    public mutating func sorted() -> [(identifier: EventIdentifier, item: Item)] {
        prune()
        return items.sorted { $0.key < $1.key }.map { (identifier: $0.key, item: $0.value) }
    }

    private mutating func prune() {
        guard items.count > capacity else { return }
        let kept = items.keys.sorted().prefix(capacity)
        guard let last = kept.last else { return }
        bound = last
        items = items.filter { $0.key <= last }
    }
}
