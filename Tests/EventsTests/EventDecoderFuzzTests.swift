import Testing
import TidewatchTestKit

@testable import Events

@Suite struct EventDecoderFuzzTests {
    private static let seeds = [
        #"{"kind": "prediction", "id": "p-81f3", "time": "2026-11-22T10:00:00.123Z", "model": "fraud", "version": 7, "features": {"amount": 12.3, "country": "K\u00e9", "is_new": true, "age": null, "n": 123456789012345678901}, "scores": {"a": 0.2, "b": 0.8}, "label": 1.5, "weight": 1.0}"#,
        #"{"kind":"outcome","id":42,"time":1795341600.25,"known_at":"2026-11-22 11:00:00+01:00","model":"fraud","value":-13.1e-2,"revision":2,"trace":[{"x":[]}]}"#,
        #"{"kind":"prediction","id":"😀","features":{"a":{"b":[1,2,{}]},"a":false},"segment":{"channel":"app"},"ranking":["x"]}"#,
    ]
    private static let splices = [
        "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "NaN", "-", "1e999", "00", "\\u", "\\ud800", "\u{0}", "e",
        "99999999999999999999999", "\"id\":", "\"features\":{", "true", " ", "\u{FEFF}", "é",
    ].map { Array($0.utf8) }

    private func mutated(_ message: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = message
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let position = Int.random(in: 0...bytes.count, using: &generator)
            let end = min(bytes.count, position + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes.removeSubrange(position..<end)
            case 1: bytes.removeSubrange(position...)
            case 2: bytes.insert(contentsOf: Self.splices.randomElement(using: &generator) ?? [], at: position)
            case 3:
                bytes.insert(contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &generator))
            case 4 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &generator)
            default:
                if position < bytes.count { bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator) }
            }
        }
        return bytes
    }

    /// Every byte that an accepted event points to is read, and after each message a good one must still be read as before.
    @Test(arguments: 1...4)
    func mutationsNeitherCrashNorLeaveTraces(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let decoder = EventDecoder(limits: EventLimits())
        let good = Array(Self.seeds[0].utf8)
        let expected = try decoder.decode(good).get()
        var accepted = 0
        var reasons: [RejectionReason: Int] = [:]
        for round in 0..<5_000 {
            let message = mutated(Array(Self.seeds[round % Self.seeds.count].utf8), &generator)
            let result = decoder.decode(message)
            // A byte order mark changes nothing but how the message is read (StructuralReadingTests).
            if let first = message.first, first != 0, first != 0xEF {
                #expect(decoder.decode([0xEF, 0xBB, 0xBF] + message) == result, "seed \(seed), round \(round)")
            }
            switch result {
            case .success(let event):
                accepted += 1
                #expect(!event.id.isEmpty && event.weight > 0 && event.weight.isFinite)
                #expect(EventDecoder(limits: EventLimits()).decode(message) == .success(event))
            case .failure(let rejected): reasons[rejected.reason, default: 0] += 1
            }
            #expect(decoder.decode(good) == .success(expected), "seed \(seed), round \(round)")
        }
        #expect(accepted > 200)
        #expect(reasons.count >= 6)
    }

    @Test func randomBytesAreNoEvents() {
        var generator = SeededGenerator(seed: 99)
        let decoder = EventDecoder(limits: EventLimits())
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if case .success = decoder.decode(bytes) { Issue.record("random bytes were an event: \(bytes)") }
        }
    }
}
