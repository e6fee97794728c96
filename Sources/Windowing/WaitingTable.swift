import Events

/// The bounded join table of one model in one partition: entries in chunks that never move, and an index of their slots by
/// open addressing with linear probing on the id hash. At most 64 bytes for each entry, the index included
/// (`docs/benchmarks.md`).
///
/// One id may stand more than once: the same id scored by two versions is two predictions and one outcome for both.
/// When the table is full, entries of both kinds are thinned by the same bits of the id hash, so that pairs stay or go together.
struct WaitingTable: Sendable {
    /// Entries, a fixed number to a chunk: growing copies nothing.
    struct Chunk: Sendable {
        var entries: [PackedWaitingEntry]
        var versions: [UInt16]
        /// No entry of the chunk is older.
        var oldestMicroseconds: Int64 = .max

        init() {
            entries = []
            versions = []
            entries.reserveCapacity(WaitingTable.chunkLength)
            versions.reserveCapacity(WaitingTable.chunkLength)
        }
    }

    static let chunkLength = 4_096
    private static let smallIndex = 1 << 20
    /// The version of a slot that is free; no version has this number.
    static let free = UInt16.max
    var chunks: [Chunk] = []
    var freeSlots: [UInt32] = []
    /// Slots whose content has changed since the table was last frozen.
    var changed = SlotSet()
    /// Slots that the last frozen copy was to bring to a checkpoint.
    var handedOver = SlotSet()
    /// Slots by id hash: one more than the slot's number, and above `slotMask` bits of the hash, which tell most other ids
    /// apart without a look at their entries. 0 is empty.
    private var index = [UInt32](repeating: 0, count: 64)
    private var slotMask: UInt32 = 127
    var count = 0
    private let maximum: Int
    let isRegression: Bool
    /// Only ids whose lowest `thinning` hash bits are zero are kept; the kept share is 2^-thinning.
    var thinning: UInt8 = 0
    /// Entries that thinning has removed or refused.
    var thinned: Int64 = 0

    /// - Parameter isRegression: whether outcomes are values, and not classes.
    init(maximum: Int, isRegression: Bool = false) {
        self.maximum = min(max(1, maximum), Int(UInt32.max) - 1)
        self.isRegression = isRegression
    }

    /// The entry in a slot that ``matches(_:)`` has named.
    subscript(slot: Int) -> WaitingEntry {
        let (chunk, place) = (slot / Self.chunkLength, slot % Self.chunkLength)
        return chunks[chunk].entries[place].unpacked(
            version: chunks[chunk].versions[place], isRegression: isRegression)
    }

    /// Whether ids like this one are still kept.
    func keeps(_ identifier: EventIdentifier) -> Bool {
        identifier.low & thinningMask == 0
    }

    private var thinningMask: UInt64 { (1 << UInt64(thinning)) - 1 }

    /// The slots of all entries of this id.
    func matches(_ identifier: EventIdentifier) -> WaitingMatches {
        var matches = WaitingMatches()
        let tag = tag(identifier.high)
        index.withUnsafeBufferPointer { index in
            var place = home(identifier.high)
            while index[place] != 0 {
                if index[place] & ~slotMask == tag {
                    let slot = Int(index[place] & slotMask) - 1
                    let entry = chunks[slot / Self.chunkLength].entries[slot % Self.chunkLength]
                    if entry.identifierHigh == identifier.high, entry.identifierLow == identifier.low {
                        matches.append(slot)
                    }
                }
                place = place + 1 == index.count ? 0 : place + 1
            }
        }
        return matches
    }

    /// Puts another entry of the same id in the place of one.
    mutating func update(_ slot: Int, _ entry: WaitingEntry) {
        let (chunk, place) = (slot / Self.chunkLength, slot % Self.chunkLength)
        chunks[chunk].entries[place] = PackedWaitingEntry(entry, isRegression: isRegression)
        chunks[chunk].versions[place] = entry.version
        chunks[chunk].oldestMicroseconds = min(chunks[chunk].oldestMicroseconds, entry.newestMicroseconds)
        changed.insert(slot)
    }

    /// Adds an entry, thinning the table first where it is full. Returns false if the entry itself fell to thinning.
    mutating func insert(_ entry: WaitingEntry) -> Bool {
        guard keeps(entry.identifier) else {
            thinned += 1
            return false
        }
        while count >= maximum, thinning < 63 {
            thinning += 1
            let mask = thinningMask
            thinned += Int64(
                remove {
                    $0.identifierLow & mask != 0
                } onRemoved: { _ in
                })
        }
        guard keeps(entry.identifier) else {
            thinned += 1
            return false
        }
        place(entry)
        return true
    }

    /// Drops entries whose halves can no longer meet: both watermarks have passed the newest half by the label delay.
    mutating func expire(before limit: Int64, onExpired: (WaitingEntry) -> Void) {
        guard remove(olderThan: limit, where: { _ in true }, onRemoved: onExpired) > 0 else { return }
        // With room again, thinning relaxes one step at a time; new ids are kept at the higher share from here on.
        if thinning > 0, count * 4 < maximum { thinning -= 1 }
    }

    /// The entries, in the order of their slots: a table that is restored from them gives them in the same order.
    var entries: [WaitingEntry] {
        var entries: [WaitingEntry] = []
        entries.reserveCapacity(count)
        forEachEntry { entries.append($0) }
        return entries
    }

    /// Calls `body` with every entry, in the order of ``entries``.
    func forEachEntry(_ body: (WaitingEntry) -> Void) {
        for chunk in chunks {
            for (entry, version) in zip(chunk.entries, chunk.versions) where version != Self.free {
                body(entry.unpacked(version: version, isRegression: isRegression))
            }
        }
    }

    /// A copy to read the entries of, at the cost of nothing but what is changed here while it lives: chunk by chunk. Its
    /// ``changed`` are the slots that differ from the last copy that came into a checkpoint.
    ///
    /// - Parameter isStored: whether the copy before came into one.
    mutating func frozen(isStored: Bool) -> WaitingTable {
        if !isStored { changed.formUnion(handedOver) }
        var copy = self
        copy.index = []
        copy.freeSlots = []
        copy.handedOver = SlotSet()
        handedOver = changed
        changed = SlotSet(slots: slotCount)
        return copy
    }

    /// Lets the waiting predictions of a version count as `other` in every segment column.
    mutating func forgetSegments(of version: UInt16) {
        for chunk in chunks.indices {
            for place in chunks[chunk].versions.indices where chunks[chunk].versions[place] == version {
                chunks[chunk].entries[place].segments = SegmentIndices().packed
                changed.insert(chunk * Self.chunkLength + place)
            }
        }
    }

    /// Puts a saved table back.
    mutating func restore(entries: [WaitingEntry], thinning: UInt8, thinned: Int64) {
        chunks = []
        freeSlots = []
        count = 0
        resizeIndex(to: max(64, entries.count + entries.count / 4))
        for entry in entries { place(entry) }
        self.thinning = thinning
        self.thinned = thinned
    }

    // MARK: - Slots

    private mutating func place(_ entry: WaitingEntry) {
        let packed = PackedWaitingEntry(entry, isRegression: isRegression)
        // At most seven eighths full. A large one grows by a quarter, which keeps what is empty small; a small one doubles.
        if (count + 1) * 8 > index.count * 7 {
            resizeIndex(to: index.count + index.count / (index.count < Self.smallIndex ? 1 : 4))
        }
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = Int(free)
            let (chunk, place) = (slot / Self.chunkLength, slot % Self.chunkLength)
            chunks[chunk].entries[place] = packed
            chunks[chunk].versions[place] = entry.version
        } else {
            if chunks.last.map({ $0.entries.count == Self.chunkLength }) ?? true { chunks.append(Chunk()) }
            let last = chunks.count - 1
            slot = last * Self.chunkLength + chunks[last].entries.count
            chunks[last].entries.append(packed)
            chunks[last].versions.append(entry.version)
        }
        let chunk = slot / Self.chunkLength
        chunks[chunk].oldestMicroseconds = min(chunks[chunk].oldestMicroseconds, entry.newestMicroseconds)
        changed.insert(slot)
        link(slot, high: entry.identifierHigh)
        count += 1
    }

    /// Removes entries that are older than a time and that `body` names; returns how many. Chunks without any so old are
    /// passed over.
    private mutating func remove(
        olderThan limit: Int64 = .max, where isRemoved: (PackedWaitingEntry) -> Bool,
        onRemoved: (WaitingEntry) -> Void
    ) -> Int {
        let before = count
        for chunk in chunks.indices where chunks[chunk].oldestMicroseconds < limit {
            var oldest = Int64.max
            for place in chunks[chunk].versions.indices where chunks[chunk].versions[place] != Self.free {
                let entry = chunks[chunk].entries[place]
                guard entry.newestMicroseconds < limit, isRemoved(entry) else {
                    oldest = min(oldest, entry.newestMicroseconds)
                    continue
                }
                onRemoved(entry.unpacked(version: chunks[chunk].versions[place], isRegression: isRegression))
                let slot = chunk * Self.chunkLength + place
                unlink(slot, high: entry.identifierHigh)
                chunks[chunk].versions[place] = Self.free
                freeSlots.append(UInt32(slot))
                changed.insert(slot)
                count -= 1
            }
            chunks[chunk].oldestMicroseconds = oldest
        }
        if count == 0 {
            chunks = []
            freeSlots = []
        }
        return before - count
    }

    // MARK: - Index

    /// Any size will do: the hash is scaled to it (Lemire 2019, *Fast random integer generation in an interval*).
    private func home(_ high: UInt64) -> Int { Int(high.multipliedFullWidth(by: UInt64(index.count)).high) }

    private func tag(_ high: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: high) & ~slotMask }

    private mutating func link(_ slot: Int, high: UInt64) {
        let (home, tag) = (home(high), tag(high))
        index.withUnsafeMutableBufferPointer { index in
            var place = home
            while index[place] != 0 { place = place + 1 == index.count ? 0 : place + 1 }
            index[place] = UInt32(slot + 1) | tag
        }
    }

    /// Takes a slot out and closes the gap, so that no probe ends too early.
    private mutating func unlink(_ slot: Int, high: UInt64) {
        var gap = home(high)
        while index[gap] != UInt32(slot + 1) | tag(high) { gap = gap + 1 == index.count ? 0 : gap + 1 }
        var place = gap
        while true {
            place = place + 1 == index.count ? 0 : place + 1
            guard index[place] != 0 else { break }
            let other = Int(index[place] & slotMask) - 1
            let wanted = home(chunks[other / Self.chunkLength].entries[other % Self.chunkLength].identifierHigh)
            // Whether the entry may move to the gap: its home does not lie behind the gap, seen from its place.
            let distance = place >= wanted ? place - wanted : place + index.count - wanted
            let distanceToGap = place >= gap ? place - gap : place + index.count - gap
            guard distance >= distanceToGap else { continue }
            index[gap] = index[place]
            gap = place
        }
        index[gap] = 0
    }

    mutating func resizeIndex(to length: Int) {
        index = [UInt32](repeating: 0, count: length)
        // No slot's number is larger: there were never more entries at once than places.
        slotMask = UInt32(truncatingIfNeeded: 1 << (Int.bitWidth - length.leadingZeroBitCount) - 1)
        for chunk in chunks.indices {
            for place in chunks[chunk].versions.indices where chunks[chunk].versions[place] != Self.free {
                link(chunk * Self.chunkLength + place, high: chunks[chunk].entries[place].identifierHigh)
            }
        }
    }
}
