import Events

/// The table in pieces: blocks of slots, and changes in them. A piece is the slots that become free at first (the first
/// one and their number), a list of single slots that become free, and a list of slots with their entries.
extension WaitingTable {
    static let blockLength = 16 * chunkLength

    /// All slots, the free ones too.
    var slotCount: Int { chunks.last.map { (chunks.count - 1) * Self.chunkLength + $0.entries.count } ?? 0 }

    /// The numbers of its blocks.
    var blocks: Range<Int> { 0..<((slotCount + Self.blockLength - 1) / Self.blockLength) }

    func slots(ofBlock number: Int) -> Range<Int> {
        number * Self.blockLength..<min(slotCount, (number + 1) * Self.blockLength)
    }

    func writeBlock(_ number: Int, to writer: inout BinaryWriter) {
        let slots = slots(ofBlock: number)
        writer.write(UInt32(slots.lowerBound))
        writer.write(UInt32(slots.count))
        writer.write(UInt32(0))
        write(slots.filter { !isFree($0) }, to: &writer)
    }

    /// What is ``changed`` in a block.
    func writeChanges(inBlock number: Int, to writer: inout BinaryWriter) {
        var freed: [Int] = []
        var taken: [Int] = []
        changed.forEach(in: slots(ofBlock: number)) { slot in
            if isFree(slot) { freed.append(slot) } else { taken.append(slot) }
        }
        writer.write(UInt32(0))
        writer.write(UInt32(0))
        writer.write(UInt32(freed.count))
        for slot in freed { writer.write(UInt32(slot)) }
        write(taken, to: &writer)
    }

    private func write(_ slots: [Int], to writer: inout BinaryWriter) {
        writer.write(UInt32(slots.count))
        for slot in slots {
            writer.write(UInt32(slot))
            self[slot].write(to: &writer)
        }
    }

    private func isFree(_ slot: Int) -> Bool {
        chunks[slot / Self.chunkLength].versions[slot % Self.chunkLength] == Self.free
    }

    // MARK: - Restoring

    /// Begins to put a saved table back: with so many slots, all of them free.
    mutating func beginRestoring(slots: Int) {
        let empty = PackedWaitingEntry(WaitingEntry(EventIdentifier(high: 0, low: 0)), isRegression: isRegression)
        chunks = []
        var rest = slots
        while rest > 0 {
            var chunk = Chunk()
            let length = min(rest, Self.chunkLength)
            chunk.entries.append(contentsOf: repeatElement(empty, count: length))
            chunk.versions.append(contentsOf: repeatElement(Self.free, count: length))
            chunks.append(chunk)
            rest -= length
        }
    }

    /// Puts a piece in the place of what was there. Slots that the table has no more are left out.
    mutating func restore(pieceFrom reader: inout BinaryReader, version format: UInt8) throws {
        let cleared = try Self.slots(clearedByPieceFrom: &reader)
        for slot in cleared.clamped(to: 0..<slotCount) { release(slot) }
        let freed: UInt32 = try reader.read()
        for _ in 0..<freed {
            let slot: UInt32 = try reader.read()
            if slot < slotCount { release(Int(slot)) }
        }
        let taken: UInt32 = try reader.read()
        for _ in 0..<taken {
            let slot: UInt32 = try reader.read()
            let entry = try WaitingEntry(from: &reader, version: format)
            guard slot < slotCount else { continue }
            let (chunk, place) = (Int(slot) / Self.chunkLength, Int(slot) % Self.chunkLength)
            chunks[chunk].entries[place] = PackedWaitingEntry(entry, isRegression: isRegression)
            chunks[chunk].versions[place] = entry.version
        }
    }

    /// The slots that become free at first: those of a block, or none.
    static func slots(clearedByPieceFrom reader: inout BinaryReader) throws -> Range<Int> {
        let first: UInt32 = try reader.read()
        let count: UInt32 = try reader.read()
        return Int(first)..<Int(first) + Int(count)
    }

    /// Makes the table one to go on with, once all pieces are in their places.
    mutating func finishRestoring(thinning: UInt8, thinned: Int64) {
        freeSlots = []
        count = 0
        for chunk in chunks.indices {
            var oldest = Int64.max
            for place in chunks[chunk].versions.indices {
                if chunks[chunk].versions[place] == Self.free {
                    freeSlots.append(UInt32(chunk * Self.chunkLength + place))
                } else {
                    oldest = min(oldest, chunks[chunk].entries[place].newestMicroseconds)
                    count += 1
                }
            }
            chunks[chunk].oldestMicroseconds = oldest
        }
        // By the number of slots, as in the table that was saved: the free ones will be taken again.
        resizeIndex(to: max(64, slotCount + slotCount / 4))
        self.thinning = thinning
        self.thinned = thinned
        changed = SlotSet(slots: slotCount)
        handedOver = SlotSet()
    }

    private mutating func release(_ slot: Int) {
        chunks[slot / Self.chunkLength].versions[slot % Self.chunkLength] = Self.free
    }
}
