import Detection
import Foundation
import Testing

@testable import Alerting

struct AlertBookTests {
    @Test func driftOpensOnceAndOkCloses() throws {
        var book = AlertBook()
        let opened = book.observe([verdict(.drift)])
        #expect(opened.count == 1)
        guard case .fire(let alert) = opened[0] else { throw Unexpected() }
        #expect(alert.status == .firing && alert.onsetMicroseconds == newYear && alert.resolvedMicroseconds == nil)
        #expect(book.observe([verdict(.drift, window: 1), verdict(.drift, window: 2)]).isEmpty)
        #expect(book.openAlerts.map(\.id) == [alert.id])
        #expect(book.openAlerts[0].verdict.windowStart == newYear + 2 * 86_400 * second)
        let closed = book.observe([verdict(.ok, window: 3, value: 0.1)])
        guard case .resolve(let resolved, .cleared) = try #require(closed.first) else { throw Unexpected() }
        #expect(resolved.id == alert.id && resolved.status == .resolved && resolved.resolveReason == .cleared)
        #expect(resolved.resolvedMicroseconds == newYear + 4 * 86_400 * second)
        #expect(book.openAlerts.isEmpty)
        #expect(book.observe([verdict(.ok, window: 4)]).isEmpty)
    }

    @Test(arguments: [VerdictStatus.insufficient, .noData, .error, .learning])
    func otherStatusesChangeNothing(_ status: VerdictStatus) {
        var book = AlertBook()
        #expect(book.observe([verdict(status)]).isEmpty)
        _ = book.observe([verdict(.drift)])
        let before = book
        #expect(book.observe([verdict(status, window: 1)]).isEmpty)
        #expect(book == before)
    }

    @Test func anEpisodeThatReturnsHasAnotherIdentity() {
        let (first, second) = (episode(window: 0)[0].alert.id, episode(window: 9)[0].alert.id)
        #expect(first != second)
        #expect(
            first.count == 32
                && first == Alert.id(model: "electricity", detector: "drift/vicprice/psi", onsetMicroseconds: newYear))
    }

    @Test func theIdentityIsTheHashOfModelDetectorAndOnset() {
        // printf 'm|drift/c/psi|5' | sha256sum
        #expect(
            Alert.id(model: "m", detector: "drift/c/psi", onsetMicroseconds: 5) == "c08afc69af5a98006607a0a603b451f1")
    }

    @Test func afterARestartFromASnapshotTheSameVerdictsSayTheSame() throws {
        let verdicts = [
            verdict(.drift), verdict(.drift, window: 1), verdict(.ok, window: 2), verdict(.drift, window: 3),
            verdict(.ok, window: 4),
        ]
        var uninterrupted = AlertBook()
        let expected = verdicts.map { uninterrupted.observe([$0]) }
        for cut in verdicts.indices {
            var book = AlertBook()
            for verdict in verdicts[..<cut] { _ = book.observe([verdict]) }
            let snapshot = try JSONEncoder().encode(book)
            for _ in 0..<2 {
                var restored = try JSONDecoder().decode(AlertBook.self, from: snapshot)
                #expect(restored == book)
                #expect(verdicts[cut...].map { restored.observe([$0]) } == Array(expected[cut...]))
            }
        }
    }

    @Test func aReplacedVersionsAlertsAreSuperseded() throws {
        var book = AlertBook()
        let accuracy = VerdictSubject.performance(metric: "accuracy")
        _ = book.observe([verdict(.drift), verdict(.drift, subject: accuracy)])
        #expect(book.supersede(model: "electricity", version: "2", atMicroseconds: 7).isEmpty)
        #expect(book.supersede(model: "other", version: "3", atMicroseconds: 7).isEmpty)
        let closed = book.supersede(model: "electricity", version: "3", atMicroseconds: 7)
        #expect(closed.map(\.alert.detector) == ["drift/vicprice/psi", "performance/accuracy"])
        for transition in closed {
            guard case .resolve(let alert, .superseded) = transition else { throw Unexpected() }
            #expect(alert.resolvedMicroseconds == 7 && alert.resolveReason == .superseded)
        }
        #expect(book.openAlerts.isEmpty)
    }

    @Test func anotherVersionsVerdictsNeitherCloseNorReopen() {
        var book = AlertBook()
        _ = book.observe([verdict(.drift)])
        #expect(
            book.observe([verdict(.ok, window: 1, version: "4"), verdict(.drift, window: 2, version: "4")]).isEmpty)
        #expect(book.openAlerts.map(\.version) == ["3"])
        #expect(book.supersede(model: "electricity", version: "4", atMicroseconds: 1).isEmpty)
        #expect(book.supersede(model: "electricity", version: "3", atMicroseconds: 1).count == 1)
        #expect(book.observe([verdict(.drift, window: 3, version: "4")]).count == 1)
    }

    @Test func ofTwoAlertsOfOneDetectorTheOlderIsReopenedWhereNoneIsOpen() {
        var (early, late) = (AlertBook(), AlertBook())
        _ = early.observe([verdict(.drift, window: 1)])
        _ = late.observe([verdict(.drift, window: 2, version: "4")])
        var book = AlertBook()
        book.reopen(late.openAlerts + early.openAlerts)
        #expect(book == early)
        book = late
        book.reopen(early.openAlerts)
        #expect(book == late)
    }

    struct Unexpected: Error {}
}
