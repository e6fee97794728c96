/// Lines, the records they were decoded into, and what the slices of those point to.
final class BatchMemory {
    private(set) var lines: [UnsafeMutableRawBufferPointer] = []
    private(set) var records: [DecodedRecord] = []
    /// Bytes taken so far.
    private(set) var byteCount = 0

    private var blocks: [UnsafeMutableRawBufferPointer] = []
    /// The block that bytes are taken from, and how many were.
    private var current = 0
    private var taken = 0

    private static let blockBytes = 256 << 10

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Keeps a copy of a line.
    func append(line: UnsafeRawBufferPointer) { lines.append(copy(line)) }

    /// Forgets the records, to decode the lines again.
    func removeRecords() { records.removeAll(keepingCapacity: true) }

    /// Forgets the lines and records and keeps memory for as many again, but none that a single large message needed.
    func removeAll() {
        lines.removeAll(keepingCapacity: true)
        records.removeAll(keepingCapacity: true)
        let unusual = blocks.partition { $0.count > Self.blockBytes }
        for block in blocks[unusual...] { block.deallocate() }
        blocks.removeSubrange(unusual...)
        byteCount = 0
        current = 0
        taken = 0
    }

    /// Copies what `decoder` has just made of one of the lines.
    func append(
        _ line: UnsafeMutableRawBufferPointer, offset: Int64, timestampMicroseconds: Int64, result: DecodeResult,
        decoder: EventDecoder
    ) {
        var kept = result
        if case .event(let event) = result { kept = .event(copy(event, of: line, decoder: decoder)) }
        records.append(
            DecodedRecord(
                offset: offset, timestampMicroseconds: timestampMicroseconds, message: UnsafeRawBufferPointer(line),
                result: kept, rejectedField: decoder.rejectedField))
    }

    /// - Parameter message: its copy in this memory.
    private func copy(
        _ event: DecodedEvent, of message: UnsafeMutableRawBufferPointer, decoder: EventDecoder
    ) -> DecodedEvent {
        let features = room(for: event.features)
        let scores = room(for: event.scoreEntries)
        let (memory, areMessage) = decoder.strings
        var strings = MovedStrings(from: memory)
        // What is not among the parser's strings is written out of a number, and is short.
        let id = copyStray(event.id, strings)
        let version = copyStray(event.version, strings)
        let label = copyStray(event.label, strings)
        let variant = copyStray(event.variant, strings)
        let unit = copyStray(event.unit, strings)
        strings.target = areMessage ? message.baseAddress : room(memory.count)
        for position in 0..<event.features.count {
            let feature = event.features[position]
            (features + position).initialize(
                to: FeatureEntry(
                    nameStart: strings.moved(feature.nameStart, count: feature.nameCount), nameCount: feature.nameCount,
                    number: feature.number,
                    textStart: feature.textStart.map { strings.moved($0, count: feature.textCount) },
                    textCount: feature.textCount, rawTag: feature.rawTag))
        }
        for position in 0..<event.scoreEntries.count {
            let entry = event.scoreEntries[position]
            (scores + position).initialize(
                to: ScoreEntry(
                    labelStart: strings.moved(entry.labelStart, count: entry.labelCount), labelCount: entry.labelCount,
                    score: entry.score))
        }
        let copied = DecodedEvent(
            kind: event.kind, hasLabel: event.hasLabel, id: strings.moved(id), timeMicroseconds: event.timeMicroseconds,
            model: strings.moved(event.model), version: strings.moved(version),
            features: UnsafeBufferPointer(start: features, count: event.features.count), score: event.score,
            scoreEntries: UnsafeBufferPointer(start: scores, count: event.scoreEntries.count), value: event.value,
            label: strings.moved(label), variant: strings.moved(variant), unit: strings.moved(unit),
            weight: event.weight, revision: event.revision, knownAtMicroseconds: event.knownAtMicroseconds)
        if !areMessage {
            strings.copy()
            take(strings.end)
        }
        return copied
    }

    /// Room for entries.
    private func room<Entry>(for entries: UnsafeBufferPointer<Entry>) -> UnsafeMutablePointer<Entry> {
        let byteCount = entries.count * MemoryLayout<Entry>.stride
        defer { take(byteCount) }
        return room(byteCount).bindMemory(to: Entry.self, capacity: entries.count)
    }

    private func copyStray(_ bytes: UnsafeRawBufferPointer, _ strings: MovedStrings) -> UnsafeRawBufferPointer {
        bytes.isEmpty || strings.contain(bytes) ? bytes : UnsafeRawBufferPointer(copy(bytes))
    }

    private func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeMutableRawBufferPointer {
        let copied = room(bytes.count)
        if let source = bytes.baseAddress { copied.copyMemory(from: source, byteCount: bytes.count) }
        take(bytes.count)
        return UnsafeMutableRawBufferPointer(start: copied, count: bytes.count)
    }

    /// A place with room for so many bytes, aligned for entries; it is not taken by that.
    private func room(_ byteCount: Int) -> UnsafeMutableRawPointer {
        while current < blocks.count, byteCount > blocks[current].count - taken {
            current += 1
            taken = 0
        }
        if current == blocks.count {
            blocks.append(.allocate(byteCount: max(byteCount, Self.blockBytes), alignment: 16))
        }
        guard let start = blocks[current].baseAddress else { preconditionFailure("no memory for a batch") }
        return start + taken
    }

    /// Takes bytes of the room that was given last.
    private func take(_ count: Int) {
        let rounded = (count + 7) & ~7
        byteCount += rounded
        taken += rounded
    }
}

/// The parser's strings of one message on their way to memory of our own: all at once, since they lie together.
private struct MovedStrings {
    private let source: UnsafeRawPointer?
    private let byteCount: UInt
    /// Where they go.
    var target: UnsafeMutableRawPointer?
    /// How many of the bytes are needed.
    private(set) var end = 0

    init(from memory: UnsafeRawBufferPointer) {
        source = memory.baseAddress
        byteCount = UInt(memory.count)
    }

    @inline(__always)
    func contain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        offset(of: bytes.baseAddress) < byteCount
    }

    /// Where bytes will be: those of the parser in their new place, others where they are.
    @inline(__always)
    mutating func moved(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let start = bytes.baseAddress, !bytes.isEmpty, contain(bytes) else { return bytes }
        return UnsafeRawBufferPointer(start: moved(start, count: bytes.count), count: bytes.count)
    }

    /// - Parameter start: of bytes among the parser's.
    @inline(__always)
    mutating func moved(_ start: UnsafeRawPointer, count: Int) -> UnsafeRawPointer {
        let offset = Int(offset(of: start))
        guard let target, offset < byteCount else { preconditionFailure("a string outside the parser's memory") }
        end = max(end, offset + count)
        return UnsafeRawPointer(target + offset)
    }

    /// Once all that is needed has been asked for.
    func copy() {
        guard end > 0, let source, let target else { return }
        target.copyMemory(from: source, byteCount: end)
    }

    @inline(__always)
    private func offset(of bytes: UnsafeRawPointer?) -> UInt {
        UInt(bitPattern: bytes) &- UInt(bitPattern: source)
    }
}
