import Dispatch

/// Decodes the lines of a text in blocks, on several threads at once. What comes out is what one thread would make of them.
///
/// Only a line without a time of its own depends on another one: its record time is that of the line before. Where that
/// is in another block it is guessed, and a block with a wrong guess is decoded again.
struct LineDecoders {
    private let decoders: [LineDecoder]
    /// Keys that were told already: each decoder tells them once.
    private var knownKeys: Set<UnknownKey> = []

    /// - Parameter count: how many threads decode at most.
    init(count: Int) {
        precondition(count > 0)
        decoders = (0..<count).map { _ in LineDecoder() }
    }

    /// How many blocks are decoded at once.
    var count: Int { decoders.count }

    /// Decodes blocks that hold their lines, at most ``count`` of them.
    ///
    /// - Parameters:
    ///   - clock: as the line before the first one left it; then as the last one does.
    ///   - limits: of an event; what is beyond them is rejected.
    ///   - now: record times are not after this, microseconds since 1970 UTC.
    mutating func decode(_ blocks: [DecodedBatch], clock: inout RecordClock, limits: EventLimits, notAfter now: Int64) {
        precondition(blocks.count <= decoders.count)
        let (decoders, start) = (decoders, clock)
        if blocks.count == 1 {
            decoders[0].decode(blocks[0], from: start, limits: limits, notAfter: now)
        } else {
            DispatchQueue.concurrentPerform(iterations: blocks.count) { number in
                decoders[number].decode(blocks[number], from: start, limits: limits, notAfter: now)
            }
        }
        for (number, block) in blocks.enumerated() {
            if block.needsClock, clock != start {
                decoders[number].decode(block, from: clock, limits: limits, notAfter: now)
            }
            clock = block.clock
            block.unknownKeys = block.unknownKeys.filter { isNew($0) }
        }
    }

    private mutating func isNew(_ key: UnknownKey) -> Bool {
        knownKeys.count < UnknownKeyLog.maximumKeys && knownKeys.insert(key).inserted
    }
}

/// `@unchecked Sendable`: one thread at a time decodes with it.
private final class LineDecoder: @unchecked Sendable {
    private let decoder = EventDecoder(limits: .unlimited)

    func decode(_ block: DecodedBatch, from start: RecordClock, limits: EventLimits, notAfter now: Int64) {
        var clock = start
        block.needsClock = false
        var isGuess = true
        let memory = block.memory
        memory.removeRecords()
        for (number, line) in memory.lines.enumerated() {
            let (result, hasTime) = decoder.decode(
                UnsafeRawBufferPointer(line), clock: &clock, limits: limits, notAfter: now)
            if hasTime { isGuess = false }
            if isGuess { block.needsClock = true }
            memory.append(
                line, offset: block.firstOffset + Int64(number), timestampMicroseconds: clock.timestampMicroseconds,
                result: result, decoder: decoder)
        }
        block.clock = clock
        block.unknownKeys += decoder.takeUnknownKeys()
    }
}
