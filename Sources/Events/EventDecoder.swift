import CSimdJSON
import Storage

/// Decodes and validates messages of the native schema. One per thread.
///
/// A message is copied behind simdjson's padding, parsed once and walked once; no memory is allocated for an event.
/// Of a key that stands twice in an object the last value counts. Unknown keys are noted once per model and key. A feature or
/// label that is a string of `MissingText` is as good as null.
public final class EventDecoder {
    /// The field behind the last `badField`, `badTime`, `badID` or `badKind`.
    public private(set) var rejectedField: EventField?
    /// Unknown keys seen so far, in the order of their first appearance.
    public var unknownKeys: [UnknownKey] { unknown.keys }

    /// Those of them that were not taken yet.
    public func takeUnknownKeys() -> [UnknownKey] { unknown.take() }

    /// Bytes of an id at most.
    public static let maximumIDBytes = 512

    let limits: EventLimits
    private let handle: OpaquePointer
    private let raw: UnsafeMutablePointer<td_event>
    private var unknown = UnknownKeyLog()
    /// Texts of numbers that stand for names and are no integers.
    private let numberTexts: UnsafeMutableRawBufferPointer

    static let numberTextBytes = 32

    public init(limits: EventLimits) {
        guard let handle = td_decoder_create(limits.maximumFeatures) else {
            preconditionFailure("no memory for a decoder")
        }
        for spelling in MissingText.spellings {
            let isAdded = Array(spelling.utf8).withUnsafeBytes { text in
                text.baseAddress.map { td_decoder_add_missing(handle, $0, text.count) != 0 } ?? false
            }
            precondition(isAdded, "no memory for a decoder")
        }
        self.handle = handle
        self.limits = limits
        raw = .allocate(capacity: 1)
        raw.initialize(to: td_event())
        numberTexts = .allocate(byteCount: 5 * Self.numberTextBytes, alignment: 8)
        Self.checkLayouts()
    }

    deinit {
        td_decoder_destroy(handle)
        raw.deallocate()
        numberTexts.deallocate()
    }

    /// Decodes one message of any bytes. Never throws; the decoder is as good as new after every rejection.
    ///
    /// - Parameter recordTimeMicroseconds: the record's own time, which the event's is checked against and which
    ///   stands in for it; microseconds since 1970 UTC.
    public func decode(_ message: UnsafeRawBufferPointer, recordTimeMicroseconds: Int64) -> DecodeResult {
        if let reason = parse(message) { return .rejected(reason) }
        return validated(recordTimeMicroseconds: recordTimeMicroseconds, limits: limits)
    }

    /// Decodes one line of a text, whose record time comes from its event.
    ///
    /// - Parameters:
    ///   - clock: advanced by every event, also by one that is beyond `limits`. This decoder has none.
    ///   - limits: what the event may be at most.
    ///   - now: record times are not after this, microseconds since 1970 UTC.
    /// - Returns: `hasTime`: whether the clock now shows a time of the line's own.
    func decode(
        _ line: UnsafeRawBufferPointer, clock: inout RecordClock, limits: EventLimits, notAfter now: Int64
    ) -> (result: DecodeResult, hasTime: Bool) {
        if let reason = parse(line) {
            return (line.count > limits.maximumBytes ? rejected(.tooLarge, nil) : .rejected(reason), false)
        }
        let result = validated(recordTimeMicroseconds: clock.timestampMicroseconds, limits: .unlimited)
        var hasTime = false
        if case .event(let event) = result {
            clock.advance(to: event, notAfter: now)
            hasTime = raw.pointee.time.form != TD_ABSENT.rawValue
        }
        guard line.count <= limits.maximumBytes else { return (rejected(.tooLarge, nil), hasTime) }
        guard max(raw.pointee.feature_count, raw.pointee.score_count) <= limits.maximumFeatures else {
            return (rejected(.tooManyFeatures, nil), hasTime)
        }
        guard hasTime, case .event(let event) = result else {
            return (validated(recordTimeMicroseconds: clock.timestampMicroseconds, limits: limits), hasTime)
        }
        // All that the clock could still change about an event with a time of its own.
        let reason = limits.rejection(of: event.timeMicroseconds, record: clock.timestampMicroseconds)
        return (reason.map { rejected($0, .time) } ?? result, true)
    }

    /// Reads a message into `raw`; returns why it cannot.
    private func parse(_ message: UnsafeRawBufferPointer) -> RejectionReason? {
        rejectedField = nil
        guard message.count > 0, let bytes = message.baseAddress else { return .nullPayload }
        guard message[0] != 0 else { return .schemaRegistryEncoded }
        guard message.count <= limits.maximumBytes else { return .tooLarge }
        let status = td_decode(handle, bytes, message.count, raw)
        guard status == 0 else {
            rejectedField = EventField(shimField: raw.pointee.bad_field)
            return rejection(status: status)
        }
        return nil
    }

    /// The memory in which the strings of the message decoded last lie, but those that are written out of numbers; and whether
    /// it is a copy of the message, byte by byte.
    var strings: (memory: UnsafeRawBufferPointer, areMessage: Bool) {
        (raw.pointee.strings.bytes, raw.pointee.is_in_place != 0)
    }

    private func rejection(status: Int32) -> RejectionReason {
        let reason = RejectionReason(status: status) ?? .notJSON
        guard reason == .badField, rejectedField == .time || rejectedField == .knownAt else { return reason }
        return .badTime
    }

    @inline(__always)
    private func validated(recordTimeMicroseconds: Int64, limits: EventLimits) -> DecodeResult {
        let event = raw
        let id = bytes(event.pointee.id, slot: 0)
        guard id.count <= Self.maximumIDBytes else { return rejected(.badID, .id) }
        guard let time = microseconds(event.pointee.time, absent: recordTimeMicroseconds) else {
            return rejected(.badTime, .time)
        }
        if let reason = limits.rejection(of: time, record: recordTimeMicroseconds) { return rejected(reason, .time) }
        var knownAt: Int64?
        if event.pointee.known_at.form != TD_ABSENT.rawValue {
            guard let known = microseconds(event.pointee.known_at, absent: time) else {
                return rejected(.badTime, .knownAt)
            }
            knownAt = known
        }
        let isOutcome = event.pointee.kind == TD_KIND_OUTCOME.rawValue
        let hasLabel = event.pointee.label.form != TD_ABSENT.rawValue
        guard !isOutcome || hasLabel || !event.pointee.value.isNaN else { return rejected(.missingOutcome, nil) }
        if event.pointee.unknown_key_count > 0 {
            unknown.note(event.pointee.unknown_keys, count: event.pointee.unknown_key_count, model: event.pointee.model)
        }
        return .event(
            DecodedEvent(
                kind: isOutcome ? .outcome : .prediction, hasLabel: hasLabel, id: id, timeMicroseconds: time,
                model: event.pointee.model.bytes, version: bytes(event.pointee.version, slot: 1),
                features: Self.features(of: event), score: event.pointee.score, scoreEntries: Self.scores(of: event),
                value: event.pointee.value, label: bytes(event.pointee.label, slot: 2),
                variant: bytes(event.pointee.variant, slot: 3), unit: bytes(event.pointee.unit, slot: 4),
                weight: event.pointee.weight, revision: event.pointee.revision, knownAtMicroseconds: knownAt))
    }

    private func rejected(_ reason: RejectionReason, _ field: EventField?) -> DecodeResult {
        rejectedField = field
        return .rejected(reason)
    }

    @inline(__always)
    private func microseconds(_ time: td_time, absent: Int64) -> Int64? {
        switch UInt32(time.form) {
        case TD_TEXT.rawValue: EventTime.parse(time.text.bytes)
        case TD_INTEGER.rawValue: EventTime.parse(epoch: time.integer)
        case TD_DOUBLE.rawValue: EventTime.parse(epoch: time.number)
        default: absent
        }
    }

    @inline(__always)
    private func bytes(_ scalar: td_scalar, slot: Int) -> UnsafeRawBufferPointer {
        UInt32(scalar.form) == TD_DOUBLE.rawValue ? text(of: scalar.number, slot: slot) : scalar.text.bytes
    }

    /// Writes a number that stands for a name, in Swift's shortest form.
    private func text(of number: Double, slot: Int) -> UnsafeRawBufferPointer {
        let start = slot * Self.numberTextBytes
        var count = 0
        for byte in number.description.utf8.prefix(Self.numberTextBytes) {
            numberTexts[start + count] = byte
            count += 1
        }
        return UnsafeRawBufferPointer(rebasing: numberTexts[start..<start + count])
    }
}

extension EventDecoder {
    @inline(__always)
    private static func features(of event: UnsafeMutablePointer<td_event>) -> UnsafeBufferPointer<FeatureEntry> {
        UnsafeBufferPointer(
            start: UnsafeRawPointer(event.pointee.features)?.assumingMemoryBound(to: FeatureEntry.self),
            count: event.pointee.feature_count)
    }

    @inline(__always)
    private static func scores(of event: UnsafeMutablePointer<td_event>) -> UnsafeBufferPointer<ScoreEntry> {
        UnsafeBufferPointer(
            start: UnsafeRawPointer(event.pointee.scores)?.assumingMemoryBound(to: ScoreEntry.self),
            count: event.pointee.score_count)
    }

    /// The entries are read as Swift structs where C++ wrote them: that holds only while both have one layout.
    private static func checkLayouts() {
        precondition(
            MemoryLayout<FeatureEntry>.stride == MemoryLayout<td_feature>.stride
                && MemoryLayout<FeatureEntry>.offset(of: \.nameCount)
                    == MemoryLayout<td_feature>.offset(of: \.name_count)
                && MemoryLayout<FeatureEntry>.offset(of: \.number) == MemoryLayout<td_feature>.offset(of: \.number)
                && MemoryLayout<FeatureEntry>.offset(of: \.textStart) == MemoryLayout<td_feature>.offset(of: \.text)
                && MemoryLayout<FeatureEntry>.offset(of: \.textCount)
                    == MemoryLayout<td_feature>.offset(of: \.text_count)
                && MemoryLayout<FeatureEntry>.offset(of: \.rawTag) == MemoryLayout<td_feature>.offset(of: \.tag)
                && MemoryLayout<ScoreEntry>.stride == MemoryLayout<td_score>.stride
                && MemoryLayout<ScoreEntry>.offset(of: \.score) == MemoryLayout<td_score>.offset(of: \.score))
    }
}

extension td_slice {
    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}
