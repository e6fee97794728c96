import Foundation
import Storage
import Testing

@testable import Events

@Suite struct CSVSourceTests {
    private func messages(_ text: String, _ mapping: CSVMapping) throws -> [String] {
        let file = try TemporaryFile(text)
        var source = try CSVSource(path: file.path, mapping: mapping)
        return try source.next(maximum: 1_000).map { String(decoding: $0.value, as: UTF8.self) }
    }

    private let scored = CSVMapping(
        model: "m", version: "3", predictionColumn: "guess", scoreColumn: "p", outcomeColumn: "truth", timeColumn: "at",
        idColumn: "key", excludedColumns: ["part"])

    @Test func aRowBecomesAPredictionAndItsOutcome() throws {
        let found = try messages(
            """
            key,at,amount,country,new,part,p,guess,truth
            007,2020-10-01 00:00:00,12.50,"K""R",True,x,0.5,1.0,1
            8,1601510400,,NA,false,x,,yes,
            """, scored)
        #expect(
            found == [
                #"{"kind":"prediction","id":"007","time":"2020-10-01T00:00:00.000Z","model":"m","version":"3","features":{"amount":12.50,"country":"K\"R","new":true},"score":0.5,"label":1.0}"#,
                #"{"kind":"outcome","id":"007","time":"2020-10-01T00:00:00.000Z","model":"m","label":1}"#,
                #"{"kind":"prediction","id":"8","time":"2020-10-01T00:00:00.000Z","model":"m","version":"3","features":{"amount":null,"country":null,"new":false},"label":"yes"}"#,
            ])
        let decoder = EventDecoder(limits: .unlimited)
        #expect(try decoder.decode(found[0]).get().label == decoder.decode(found[1]).get().label)
    }

    @Test(arguments: [
        ("1", "1"), ("-1.5", "-1.5"), ("0", "0"), ("007", "7"), (".5", "0.5"), ("1.", "1"), ("+3", "3"),
        ("1e3", "1000"),
        ("-", "\"-\""), ("1e999", "\"1e999\""), ("1-2", "\"1-2\""), ("0x10", "\"0x10\""), ("inf", "\"inf\""),
        ("", "null"),
        ("NaN", "null"), ("?", "null"), (" 7 ", "7"), (" x ", "\" x \""), ("TRUE", "true"), ("e", "\"e\""),
        ("12345678901234567890123", "12345678901234567890123"), ("2020-10-01", "\"2020-10-01\""),
    ])
    func cellsBecomeWhatTheyLookLike(cell: String, json: String) throws {
        var mapping = CSVMapping(model: "m")
        mapping.startMicroseconds = 0
        mapping.stepMicroseconds = 1
        let found = try messages("a,b\n\(cell),x\n", mapping)
        #expect(found.first?.contains(#""features":{"a":\#(json),"b":"x"}"#) == true)
        #expect(throws: Never.self) { try EventDecoder(limits: .unlimited).decode(found[0]).get() }
        mapping.textColumns = ["a"]
        if json != "null" {
            #expect(try messages("a,b\n\(cell),x\n", mapping).first?.contains("\"a\":\"\(cell)\"") == true)
        }
    }

    /// The same text means the same in a cell and in an event: missing, or a text of its own.
    @Test(
        arguments: (MissingText.spellings + ["", " ", "  NA\t"]).map { ($0, true) }
            + ["na", "none", "N", "NAN", "nul", "NULLS", "KR"].map { ($0, false) })
    func aTextIsMissingInCSVAndJSONAlike(_ text: String, isMissing: Bool) throws {
        var mapping = CSVMapping(model: "m", predictionColumn: "said", outcomeColumn: "y")
        mapping.startMicroseconds = 0
        mapping.stepMicroseconds = 1
        let row = try messages("a,said,y\n\(text),\(text),yes\n", mapping)
        let decoder = EventDecoder(limits: .unlimited)
        let cell = try decoder.decode(row[0]).get()
        #expect(cell.features == [isMissing ? "a=null" : "a='\(text)'"])
        #expect((cell.label == nil) == isMissing)
        let quoted = text.replacing("\t", with: "\\t")
        let event = try decoder.decode(
            #"{"kind":"prediction","id":"1","features":{"a":"\#(quoted)"},"label":"\#(quoted)"}"#
        ).get()
        #expect(event.features == cell.features && event.label == cell.label)
        let outcome = decoder.reason(#"{"kind":"outcome","id":"1","label":"\#(quoted)"}"#)
        #expect(outcome == (isMissing ? .missingOutcome : nil))
    }

    @Test func timesCanBeCounted() throws {
        var mapping = CSVMapping(model: "m", valueColumn: "y", outcomeColumn: "z", featureColumns: ["x"])
        mapping.startMicroseconds = 831_427_200_000_000
        mapping.stepMicroseconds = 1_800_000_000
        #expect(
            try messages("x,y,z,w\n1,2.5,3,4\n5,6,,7\n", mapping) == [
                #"{"kind":"prediction","id":"0","time":"1996-05-07T00:00:00.000Z","model":"m","features":{"x":1},"value":2.5}"#,
                #"{"kind":"outcome","id":"0","time":"1996-05-07T00:00:00.000Z","model":"m","value":3}"#,
                #"{"kind":"prediction","id":"1","time":"1996-05-07T00:30:00.000Z","model":"m","features":{"x":5},"value":6}"#,
            ])
    }

    @Test(arguments: [
        ("1,2020-10-01,1,KR,true,x,high,1,1", "\"high\" in column \"p\" is no number"),
        ("1,never,1,KR,true,x,0.5,1,1", "\"never\" is no time"), ("1,,1,KR,true,x,0.5,1,1", "the row has no time"),
        (",2020-10-01,1,KR,true,x,0.5,1,1", "the id must have"), ("1,2", "the row has 2 cells"),
    ])
    func aMalformedRowStopsOrIsCounted(row: String, message: String) throws {
        let text = """
            key,at,amount,country,new,part,p,guess,truth
            1,2020-10-01,1,KR,true,x,0.5,1,1
            \(row)
            2,2020-10-02,1,KR,true,x,0.5,1,
            """
        let file = try TemporaryFile(text)
        var strict = try CSVSource(path: file.path, mapping: scored)
        let error = #expect(throws: StorageError.self) { try strict.next(maximum: 100) }
        #expect(error?.code == .malformed && error?.line == 3 && error?.path == file.path)
        #expect(error?.message.contains(message) == true)
        var mapping = scored
        mapping.malformedRows = .count
        mapping.idColumn = row.hasPrefix(",") ? "key" : nil
        var counting = try CSVSource(path: file.path, mapping: mapping)
        let keys = try counting.next(maximum: 100).map { String(decoding: $0.key, as: UTF8.self) }
        #expect(keys == (row.hasPrefix(",") ? ["1", "1", "2"] : ["0", "0", "2"]))
        #expect(counting.malformedRowCount == 1)
        #expect(counting.firstMalformedRow?.line == 3)
    }

    @Test func columnsThatAreNotThereAreNamed() throws {
        let file = try TemporaryFile("a,b\n1,2\n")
        let error = #expect(throws: StorageError.self) {
            try CSVSource(path: file.path, mapping: CSVMapping(model: "m", timeColumn: "when"))
        }
        #expect(error?.message == "there is no column \"when\"; the columns are a, b")
        let timeless = #expect(throws: StorageError.self) {
            try CSVSource(path: file.path, mapping: CSVMapping(model: "m"))
        }
        #expect(timeless?.message.contains("no column holds the time") == true)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["TIDEWATCH_DATA"] != nil))
    func readsARealTable() throws {
        let data = try #require(ProcessInfo.processInfo.environment["TIDEWATCH_DATA"])
        var source = try CSVSource(
            path: data + "/nannyml_california_housing.csv.gz",
            mapping: CSVMapping(
                model: "housing", predictionColumn: "y_pred", scoreColumn: "y_pred_proba", outcomeColumn: "clf_target",
                timeColumn: "timestamp", idColumn: "id", excludedColumns: ["_partition"]))
        let decoder = EventDecoder(limits: EventLimits())
        var predictions = 0
        var outcomes = 0
        while true {
            let batch = try source.next(maximum: 1_000)
            guard !batch.isEmpty else { break }
            for message in batch {
                let event = try decoder.decode(message.value, record: message.timestampMicroseconds).get()
                if event.kind == .prediction {
                    predictions += 1
                    #expect(event.features.count == 8 && event.score != nil && event.label != nil)
                } else {
                    outcomes += 1
                    #expect(["0", "1"].contains(event.label))
                }
            }
        }
        #expect(predictions > 10_000)
        #expect(outcomes == predictions)
    }
}
