import Foundation
import Testing
import TidewatchTestKit

@testable import Events

@Suite struct EventDecoderTests {
    private let decoder = EventDecoder(limits: EventLimits())

    private func decoded(_ json: String) throws -> Decoded {
        try decoder.decode(json).get()
    }

    @Test func readsAWholePrediction() throws {
        let event = try decoded(
            #"""
            {"kind": "prediction", "id": "p-81f3", "time": "2026-11-22T10:00:00.123Z", "model": "fraud", "version": "7",
             "features": {"amount": 12.3, "country": "KR", "is_new": true, "age": null, "tags": [1], "n": -3},
             "score": 0.83, "scores": {"a": 0.2, "b": 0.8, "c": null}, "value": 12.5, "ranking": ["x", "y"],
             "label": "fraud", "variant": "canary", "unit": "user-17", "segment": {"channel": "app"}, "weight": 2.5}
            """#)
        #expect(event.kind == .prediction)
        #expect(event.id == "p-81f3" && event.model == "fraud" && event.version == "7")
        #expect(event.time == recordTime)
        #expect(
            event.features == ["amount=12.3", "country='KR'", "is_new=true", "age=null", "tags=other", "n=-3.0"])
        #expect(event.score == 0.83 && event.value == 12.5 && event.weight == 2.5)
        #expect(event.scores == ["a=0.2", "b=0.8"])
        #expect(event.label == "fraud" && event.variant == "canary" && event.unit == "user-17")
        #expect(event.revision == 0 && event.knownAt == nil)
        #expect(decoder.unknownKeys.isEmpty)
    }

    @Test func readsAWholeOutcome() throws {
        let event = try decoded(
            #"""
            {"kind": "outcome", "id": "p-81f3", "time": 1795341600, "known_at": "2026-11-22T11:00:00Z", "model": "fraud",
             "label": "fraud", "revision": 2}
            """#)
        #expect(event.kind == .outcome && event.revision == 2)
        #expect(event.time == 1_795_341_600_000_000)
        #expect(event.knownAt == 1_795_345_200_000_000)
        #expect(event.label == "fraud" && event.value == nil)
    }

    @Test func aBarePredictionIsAnEventForDrift() throws {
        let event = try decoded(#"{"kind":"prediction","id":"a"}"#)
        #expect(event.time == recordTime)
        #expect(event.features.isEmpty && event.score == nil && event.label == nil && event.model == "")
        #expect(event.weight == 1)
    }

    @Test func stringsAreUnescaped() throws {
        let event = try decoded(
            #"{"kind":"prediction","id":"\u00e9\"\\\n\ud83d\ude00","features":{"a\tb":"x\/y\u0000z"}}"#)
        #expect(event.id == "é\"\\\n😀")
        #expect(event.features == ["a\tb='x/y\0z'"])
    }

    @Test(arguments: [
        ("1", "1"), ("1.0", "1"), ("-3", "-3"), ("1e2", "100"), ("100000.0", "100000"), ("0.5", "0.5"),
        ("0.0001", "0.0001"), ("-0.0", "0"), ("18446744073709551615", "18446744073709551615"), ("1e300", "1e+300"),
        ("true", "true"), ("false", "false"), ("\"x\"", "x"), ("\"1.0\"", "1.0"),
    ])
    func labelsHaveOneText(json: String, expected: String) throws {
        #expect(try decoded(#"{"kind":"outcome","id":"a","label":\#(json)}"#).label == expected)
    }

    @Test func numbersMayStandForNames() throws {
        let event = try decoded(#"{"kind":"prediction","id":42,"version":7,"unit":1.5,"variant":2}"#)
        #expect(event.id == "42" && event.version == "7" && event.unit == "1.5" && event.variant == "2")
        #expect(try decoded(#"{"kind":"prediction","id":9007199254740993}"#).id == "9007199254740993")
        #expect(try decoded(#"{"kind":"prediction","id":18446744073709551615}"#).id == "18446744073709551615")
    }

    @Test func integersBeyond64BitsAreDoubles() throws {
        let event = try decoded(
            #"{"kind":"prediction","id":9007199254740993,"note":"\"123456789012345678901234567890","features":{"a":123456789012345678901234567890,"b":-99999999999999999999,"c":1}}"#
        )
        #expect(event.features == ["a=1.2345678901234568e+29", "b=-1e+20", "c=1.0"])
        #expect(event.id == "9007199254740993")
        #expect(decoder.reason(#"{"kind":"prediction","id":123456789012345678901234567890}"#) == .badID)
        #expect(
            decoder.reason(#"{"kind":"prediction","id":"a","features":{"a":00123456789012345678901234}}"#) == .badNumber
        )
    }

    @Test func ofAKeyThatStandsTwiceTheLastCounts() throws {
        let event = try decoded(
            #"""
            {"kind":"outcome","id":"a","score":1,"score":null,"label":"x","label":"y","kind":"prediction",
             "features":{"gone":1},"features":{"a":1,"b":2,"a":"last"},"scores":{"x":0.5,"y":0.25,"x":null}}
            """#)
        #expect(event.kind == .prediction && event.score == nil && event.label == "y")
        #expect(event.features == ["a='last'", "b=2.0"])
        #expect(event.scores == ["y=0.25"])
    }

    @Test func manyFeaturesKeepTheirOrder() throws {
        for count in [31, 32, 33, 1_000, 4_096] {
            let names = (0..<count).map { "feature number \($0)" }
            let json = names.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
            let event = try decoded(#"{"kind":"prediction","id":"a","features":{\#(json),"\#(names[0])":7}}"#)
            #expect(event.features.count == count)
            #expect(event.features.first == "feature number 0=7.0")
            #expect(event.features.last == "\(names[count - 1])=\(Double(count - 1))")
        }
    }

    @Test func unknownKeysAreNotedOncePerModelAndKey() throws {
        for model in ["m", "n", "m"] {
            _ = try decoded(#"{"kind":"prediction","id":"a","model":"\#(model)","trace":1,"Time":2}"#)
        }
        #expect(
            decoder.unknownKeys == [
                UnknownKey(model: "m", key: "trace"), UnknownKey(model: "m", key: "Time"),
                UnknownKey(model: "n", key: "trace"), UnknownKey(model: "n", key: "Time"),
            ])
        for number in 0..<2_000 { _ = try decoded(#"{"kind":"prediction","id":"a","key\#(number)":1}"#) }
        #expect(decoder.unknownKeys.count == UnknownKeyLog.maximumKeys)
    }

    @Test func aByteOrderMarkIsDropped() throws {
        #expect(try decoded("\u{FEFF}{\"kind\":\"prediction\",\"id\":\"a\"}").id == "a")
    }

    @Test func anEventIsTheSameWhateverCameBefore() throws {
        let messages = (0..<50).map { number in
            let features = (0..<number).map { "\"f\($0)\":\(number)" }.joined(separator: ",")
            return #"{"kind":"prediction","id":"id-\#(number)","features":{\#(features)}}"#
        }
        let fresh = messages.map { EventDecoder(limits: EventLimits()).decode($0) }
        #expect(messages.map { decoder.decode($0) } == fresh)
        #expect(messages.reversed().map { decoder.decode($0) } == fresh.reversed())
    }
}
