import Events

/// One half, or both halves, of a prediction and its outcome: 64 bytes.
struct WaitingEntry {
    var identifierHigh: UInt64
    var identifierLow: UInt64
    /// Event time of the prediction; `Int64.min` while only the outcome is here.
    var predictionMicroseconds: Int64 = .min
    /// Record time of the outcome; `Int64.min` while only the prediction is here.
    var outcomeMicroseconds: Int64 = .min
    /// P(positive) or the predicted value; NaN if the event carries none.
    var score: Double = .nan
    /// The actual value (regression).
    var outcomeValue: Double = .nan
    /// The predicted class: its number in the label dictionary, or -1.
    var predictedLabel: Int32 = -1
    /// The actual class: its number in the label dictionary, or -1.
    var outcomeLabel: Int32 = -1
    /// The prediction's segments, one byte for each segment column.
    var segments = SegmentIndices()
    /// The version's number in its partition.
    var version: UInt16 = 0
    var isOccupied = true

    var identifier: EventIdentifier { EventIdentifier(high: identifierHigh, low: identifierLow) }
    var hasPrediction: Bool { predictionMicroseconds != .min }
    var hasOutcome: Bool { outcomeMicroseconds != .min }
    /// The later of the two times that are known.
    var newestMicroseconds: Int64 { max(predictionMicroseconds, outcomeMicroseconds) }

    init(_ identifier: EventIdentifier) {
        identifierHigh = identifier.high
        identifierLow = identifier.low
    }

    /// An empty slot.
    static var empty: WaitingEntry {
        var entry = WaitingEntry(EventIdentifier(high: 0, low: 0))
        entry.isOccupied = false
        return entry
    }
}

/// The bounded join table of one model in one partition: open addressing with linear probing on the id hash.
///
/// One id may stand more than once: the same id scored by two versions is two predictions and one outcome for both.
/// When the table is full, entries of both kinds are thinned by the same bits of the id hash, so that pairs stay or go together.
struct WaitingTable {
    private(set) var slots: [WaitingEntry]
    private(set) var count = 0
    private let maximum: Int
    /// Only ids whose lowest `thinning` hash bits are zero are kept; the kept share is 2^-thinning.
    private(set) var thinning: UInt8 = 0
    /// Entries that thinning has removed or refused.
    private(set) var thinned: Int64 = 0

    init(maximum: Int) {
        self.maximum = max(1, maximum)
        slots = Array(repeating: .empty, count: 64)
    }

    private func home(_ identifier: EventIdentifier) -> Int {
        Int(truncatingIfNeeded: identifier.high & UInt64(slots.count - 1))
    }

    /// Whether ids like this one are still kept.
    func keeps(_ identifier: EventIdentifier) -> Bool {
        identifier.low & thinningMask == 0
    }

    private var thinningMask: UInt64 { (1 << UInt64(thinning)) - 1 }

    /// Calls `body` with the slot of every entry of this id.
    func forEachSlot(of identifier: EventIdentifier, _ body: (Int) -> Void) {
        var index = home(identifier)
        while slots[index].isOccupied {
            if slots[index].identifierHigh == identifier.high, slots[index].identifierLow == identifier.low {
                body(index)
            }
            index = (index + 1) & (slots.count - 1)
        }
    }

    /// Changes one entry in place.
    mutating func update(_ slot: Int, _ body: (inout WaitingEntry) -> Void) {
        body(&slots[slot])
    }

    /// Adds an entry, thinning the table first where it is full. Returns false if the entry itself fell to thinning.
    mutating func insert(_ entry: WaitingEntry) -> Bool {
        guard keeps(entry.identifier) else {
            thinned += 1
            return false
        }
        while count >= maximum, thinning < 63 {
            thinning += 1
            let before = count
            let mask = thinningMask
            rebuild { $0.identifierLow & mask == 0 }
            thinned += Int64(before - count)
        }
        guard keeps(entry.identifier) else {
            thinned += 1
            return false
        }
        if (count + 1) * 4 > slots.count * 3 { rebuild(capacity: slots.count * 2) { _ in true } }
        place(entry)
        return true
    }

    /// Drops entries whose halves can no longer meet: both watermarks have passed the newest half by the label delay.
    mutating func expire(before limit: Int64, onExpired: (WaitingEntry) -> Void) {
        var expired = 0
        for entry in slots where entry.isOccupied && entry.newestMicroseconds < limit {
            expired += 1
            onExpired(entry)
        }
        guard expired > 0 else { return }
        rebuild { $0.newestMicroseconds >= limit }
        // With room again, thinning relaxes one step at a time; new ids are kept at the higher share from here on.
        if thinning > 0, count * 4 < maximum { thinning -= 1 }
    }

    /// The entries, in an order that depends only on which they are.
    func sortedEntries() -> [WaitingEntry] {
        slots.filter(\.isOccupied).sorted {
            ($0.identifierHigh, $0.identifierLow, $0.version, $0.predictionMicroseconds)
                < ($1.identifierHigh, $1.identifierLow, $1.version, $1.predictionMicroseconds)
        }
    }

    /// Lets the waiting predictions of a version count as `other` in every segment column.
    mutating func forgetSegments(of version: UInt16) {
        for slot in slots.indices where slots[slot].version == version { slots[slot].segments = SegmentIndices() }
    }

    /// Puts a saved table back.
    mutating func restore(entries: [WaitingEntry], thinning: UInt8, thinned: Int64) {
        var capacity = 64
        while entries.count * 4 > capacity * 3 { capacity *= 2 }
        slots = Array(repeating: .empty, count: capacity)
        count = 0
        for entry in entries { place(entry) }
        self.thinning = thinning
        self.thinned = thinned
    }

    private mutating func place(_ entry: WaitingEntry) {
        var index = home(entry.identifier)
        while slots[index].isOccupied { index = (index + 1) & (slots.count - 1) }
        slots[index] = entry
        count += 1
    }

    private mutating func rebuild(capacity: Int? = nil, keeping isKept: (WaitingEntry) -> Bool) {
        let old = slots
        slots = Array(repeating: .empty, count: capacity ?? old.count)
        count = 0
        for entry in old where entry.isOccupied && isKept(entry) { place(entry) }
    }
}
