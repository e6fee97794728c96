import Foundation
import Testing
import TidewatchTestKit

@testable import Events

@Suite struct EventDecoderRejectionTests {
    private let decoder = EventDecoder(limits: EventLimits())
    private let good = #"{"kind":"prediction","id":"a","features":{"x":1}}"#

    /// Everything that can be wrong with a field, as the members of an otherwise good prediction.
    @Test(arguments: [
        (#""time":"yesterday""#, RejectionReason.badTime), (#""time":-5"#, .badTime), (#""time":1e300"#, .badTime),
        (#""time":true"#, .badTime), (#""time":{}"#, .badTime), (#""time":1795341600123456789"#, .badTime),
        (#""time":"2026-02-30T00:00:00Z""#, .badTime), (#""known_at":"x""#, .badTime), (#""known_at":[]"#, .badTime),
        (#""time":"1970-01-01T00:00:01Z""#, .timeTooOld), (#""time":1"#, .timeTooOld), (#""time":0"#, .timeTooOld),
        (#""time":"2099-01-01T00:00:00Z""#, .timeInFuture), (#""time":4070908800"#, .timeInFuture),
        (#""weight":0"#, .badField), (#""weight":-1"#, .badField), (#""weight":"1""#, .badField),
        (#""score":"0.5""#, .badField), (#""score":{}"#, .badField), (#""score":1.5"#, .badField),
        (#""score":-0.01"#, .badField), (#""scores":{"a":50,"b":50}"#, .badField), (#""value":true"#, .badField),
        (#""scores":[0.1]"#, .badField), (#""scores":{"a":"x"}"#, .badField), (#""features":[]"#, .badField),
        (#""features":"x""#, .badField), (#""model":7"#, .badField), (#""version":{}"#, .badField),
        (#""version":true"#, .badField), (#""label":[]"#, .badField), (#""unit":[]"#, .badField),
        (#""variant":false"#, .badField), (#""revision":-1"#, .badField), (#""revision":1.5"#, .badField),
        (#""revision":"2""#, .badField), (#""score":1e999"#, .badNumber), (#""score":NaN"#, .notJSON),
        (#""score":Infinity"#, .notJSON), (#""score":01"#, .badNumber), (#""score":"\#u{1}""#, .notJSON),
        (#""note":"\ud800""#, .notJSON),
    ])
    func wrongFieldsHaveAReason(member: String, reason: RejectionReason) {
        #expect(decoder.reason(#"{"kind":"prediction","id":"a",\#(member)}"#) == reason)
        #expect(decoder.reason(good) == nil)
    }

    @Test(arguments: [
        ("", RejectionReason.nullPayload), ("{}", .missingKind), ("null", .notAnObject), ("[]", .notAnObject),
        ("12", .notAnObject), ("\"x\"", .notAnObject), (" ", .notJSON), ("{", .notJSON), ("xyz", .notJSON),
        (#"{"kind":"prediction","id":"a""#, .notJSON), (#"{"kind":"prediction","id":"a"}}"#, .notJSON),
        (#"{'kind':'prediction'}"#, .notJSON), (#"{"id":"a"}"#, .missingKind),
        (#"{"kind":null,"id":"a"}"#, .missingKind),
        (#"{"kind":"Prediction","id":"a"}"#, .badKind), (#"{"kind":1,"id":"a"}"#, .badKind),
        (#"{"kind":"prediction"}"#, .missingID), (#"{"kind":"prediction","id":null}"#, .missingID),
        (#"{"kind":"prediction","id":""}"#, .missingID), (#"{"kind":"prediction","id":true}"#, .badID),
        (#"{"kind":"prediction","id":{}}"#, .badID), (#"{"kind":"prediction","id":1e17}"#, .badID),
        (#"{"kind":"outcome","id":"a"}"#, .missingOutcome),
        (#"{"kind":"outcome","id":"a","label":null}"#, .missingOutcome),
        (#"{"kind":"outcome","id":"a","label":"","score":1}"#, .missingOutcome),
        (#"{"kind":"outcome","id":"a","value":null}"#, .missingOutcome),
    ])
    func wrongMessagesHaveAReason(json: String, reason: RejectionReason) {
        #expect(decoder.reason(json) == reason)
        #expect(decoder.reason(good) == nil)
    }

    @Test func theFieldBehindAReasonIsNamed() {
        let cases: [(String, EventField)] = [
            (#""time":"x""#, .time), (#""known_at":"x""#, .knownAt), (#""known_at":{}"#, .knownAt),
            (#""weight":0"#, .weight),
            (#""score":[]"#, .score), (#""value":[]"#, .value), (#""label":[]"#, .label), (#""scores":1"#, .scores),
            (#""version":[]"#, .version), (#""features":1"#, .features), (#""revision":[]"#, .revision),
            (#""variant":[]"#, .variant), (#""unit":[]"#, .unit), (#""model":[]"#, .model), (#""id":[]"#, .id),
            (#""kind":[]"#, .kind),
        ]
        for (member, field) in cases {
            #expect(decoder.reason(#"{"kind":"prediction","id":"a",\#(member)}"#) != nil)
            #expect(decoder.rejectedField == field)
        }
        #expect(Set(cases.map(\.1)) == Set(EventField.allCases))
        #expect(decoder.reason(good) == nil)
        #expect(decoder.rejectedField == nil)
    }

    @Test func idsHaveALimit() {
        let longest = String(repeating: "é", count: 256)
        #expect(decoder.reason(#"{"kind":"prediction","id":"\#(longest)"}"#) == nil)
        #expect(decoder.reason(#"{"kind":"prediction","id":"\#(longest)x"}"#) == .badID)
    }

    @Test func timesAreHeldAgainstTheRecords() throws {
        let limits = EventLimits(maximumAge: 1_000, maximumSkew: 10)
        let decoder = EventDecoder(limits: limits)
        let time: Int64 = 1_795_341_600_000_000
        let json = #"{"kind":"prediction","id":"a","time":\#(time)}"#
        #expect(decoder.reason(json, record: time + 1_000) == nil)
        #expect(decoder.reason(json, record: time + 1_001) == .timeTooOld)
        #expect(decoder.reason(json, record: time - 10) == nil)
        #expect(decoder.reason(json, record: time - 11) == .timeInFuture)
        #expect(decoder.reason(json, record: .max) == .timeTooOld)
        #expect(decoder.reason(json, record: .min) == .timeInFuture)
        let any = EventDecoder(limits: .unlimited)
        for record in [Int64.min, -1, 0, .max] { #expect(any.reason(json, record: record) == nil) }
    }

    @Test func largeMessagesAreRejectedUnlessAllowed() {
        let large = #"{"kind":"prediction","id":"a","note":"\#(String(repeating: "x", count: 10 << 20))"}"#
        #expect(decoder.reason(large) == .tooLarge)
        #expect(decoder.reason(good) == nil)
        #expect(EventDecoder(limits: .unlimited).reason(large) == nil)
        let size = good.utf8.count
        #expect(EventDecoder(limits: EventLimits(maximumBytes: size)).reason(good) == nil)
        #expect(EventDecoder(limits: EventLimits(maximumBytes: size - 1)).reason(good) == .tooLarge)
    }

    @Test func featuresHaveALimit() {
        let decoder = EventDecoder(limits: EventLimits(maximumFeatures: 2))
        #expect(decoder.reason(#"{"kind":"prediction","id":"a","features":{"a":1,"b":2,"a":3}}"#) == nil)
        #expect(decoder.reason(#"{"kind":"prediction","id":"a","features":{"a":1,"b":2,"c":3}}"#) == .tooManyFeatures)
        let scores = #"{"kind":"prediction","id":"a","scores":{"a":0.1,"b":0.2,"c":0.7}}"#
        #expect(decoder.reason(scores) == .tooManyFeatures)
    }

    @Test func depthBombsAreRejected() {
        for depth in [2_000, 500_000] {
            let bomb = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect(decoder.reason(#"{"kind":"prediction","id":"a","features":{"x":\#(bomb)}}"#) == .tooDeep)
            let objects =
                String(repeating: "{\"a\":", count: depth / 10) + "1" + String(repeating: "}", count: depth / 10)
            #expect(decoder.reason(objects) != nil)
            #expect(decoder.reason(String(repeating: "[", count: depth)) != nil)
        }
        #expect(decoder.reason(good) == nil)
    }

    @Test func bytesThatAreNotUTF8AreRejected() {
        for bytes: [UInt8] in [[0xFF], [0xC3, 0x28], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80]] {
            let message = Array(#"{"kind":"prediction","id":"a"#.utf8) + bytes + Array("\"}".utf8)
            #expect(decoder.decode(message) == .failure(Rejected(reason: .invalidUTF8)))
        }
    }

    @Test func schemaRegistryMessagesAreSaidToBeSo() {
        #expect(decoder.decode([0, 0, 0, 0, 7, 2, 12]) == .failure(Rejected(reason: .schemaRegistryEncoded)))
        #expect(decoder.decode([0]) == .failure(Rejected(reason: .schemaRegistryEncoded)))
        #expect(decoder.decode([]) == .failure(Rejected(reason: .nullPayload)))
    }

    @Test func everyReasonHasAdvice() {
        #expect(Set(RejectionReason.allCases.map(\.advice)).count >= RejectionReason.allCases.count - 1)
        #expect(RejectionReason.allCases.allSatisfy { $0.advice.hasSuffix(".") })
    }
}
