import Events

/// What a test needs of a decoded event, copied out of the decoder's memory.
struct Decoded: Equatable {
    var kind: EventKind
    var id: String
    var time: Int64
    var model: String
    var version: String
    var features: [String]
    var score: Double?
    var scores: [String]
    var value: Double?
    var label: String?
    var variant: String
    var unit: String
    var weight: Double
    var revision: Int64
    var knownAt: Int64?

    init(_ event: DecodedEvent) {
        kind = event.kind
        id = text(event.id)
        time = event.timeMicroseconds
        model = text(event.model)
        version = text(event.version)
        features = event.features.map { feature in
            switch feature.tag {
            case .number: "\(text(feature.name))=\(feature.number)"
            case .string: "\(text(feature.name))='\(text(feature.text))'"
            case .boolean: "\(text(feature.name))=\(feature.number != 0)"
            case .null: "\(text(feature.name))=null"
            case .other: "\(text(feature.name))=other"
            }
        }
        score = event.score.isNaN ? nil : event.score
        scores = event.scoreEntries.map { "\(text($0.label))=\($0.score)" }
        value = event.value.isNaN ? nil : event.value
        label = event.hasLabel ? text(event.label) : nil
        variant = text(event.variant)
        unit = text(event.unit)
        weight = event.weight
        revision = event.revision
        knownAt = event.knownAtMicroseconds
    }
}

/// Bytes as text.
func text(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

/// 2026-11-22T10:00:00.123Z.
let recordTime: Int64 = 1_795_341_600_123_000

extension EventDecoder {
    func decode(_ bytes: [UInt8], record: Int64 = recordTime) -> Result<Decoded, Rejected> {
        bytes.withUnsafeBytes { raw in
            switch decode(raw, recordTimeMicroseconds: record) {
            case .event(let event): .success(Decoded(event))
            case .rejected(let reason): .failure(Rejected(reason: reason))
            }
        }
    }

    func decode(_ json: String, record: Int64 = recordTime) -> Result<Decoded, Rejected> {
        decode(Array(json.utf8), record: record)
    }

    func reason(_ json: String, record: Int64 = recordTime) -> RejectionReason? {
        if case .failure(let rejected) = decode(json, record: record) { rejected.reason } else { nil }
    }
}

struct Rejected: Error, Equatable {
    var reason: RejectionReason
}
