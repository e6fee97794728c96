public import Events

/// Actual numbers of a regression's pairs: those with the smallest id hashes, at most `capacity`. The same in whatever order
/// they came, and the merge of the parts is the sample of the whole.
public struct OutcomeSample: Sendable, Equatable {
    /// As many as say of a distribution what its ten equal bins can show; a pane with more pairs is a sample of them.
    public static let capacity = 2_000

    private var numberByIdentifier: [EventIdentifier: Double] = [:]

    public init() {}

    public var isEmpty: Bool { numberByIdentifier.isEmpty }

    /// What is not finite is no number; of two with one id the first counts.
    public mutating func add(_ identifier: EventIdentifier, _ number: Double) {
        guard number.isFinite, numberByIdentifier[identifier] == nil else { return }
        numberByIdentifier[identifier] = number
        // In bulk: a number that belongs to the final choice is never dropped on the way.
        if numberByIdentifier.count >= 2 * Self.capacity {
            numberByIdentifier = Dictionary(uniqueKeysWithValues: chosen)
        }
    }

    /// The numbers in the order of their id hashes.
    public var numbers: [Double] { chosen.map(\.1) }

    /// The number of one id; `nil` where it is not known, or not in the sample.
    public subscript(identifier: EventIdentifier) -> Double? { numberByIdentifier[identifier] }

    private var chosen: [(EventIdentifier, Double)] {
        numberByIdentifier.sorted { $0.key < $1.key }.prefix(Self.capacity).map { ($0.key, $0.value) }
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.chosen.elementsEqual(right.chosen) { $0.0 == $1.0 && $0.1 == $1.1 }
    }
}

extension OutcomeSample: MergeableSummary {
    public mutating func merge(_ other: OutcomeSample) {
        for (identifier, number) in other.numberByIdentifier { add(identifier, number) }
    }

    public func serialized() -> [UInt8] {
        var writer = BinaryWriter()
        let numbers = chosen
        writer.write(UInt32(numbers.count))
        for (identifier, number) in numbers {
            writer.write(identifier)
            writer.write(number.bitPattern)
        }
        return writer.bytes
    }

    public init(serialized bytes: [UInt8]) throws {
        var reader = BinaryReader(bytes)
        for (identifier, number) in try reader.readArray({ reader in
            (try reader.readIdentifier(), Double(bitPattern: try reader.read()))
        }) {
            add(identifier, number)
        }
    }
}
