import Learning

/// The profile as one HTML page that needs nothing else: style and pictures are inside, and no script. Well-formed XML.
///
/// First what to worry about, then one line a column, then each column with its picture, pairs, and the course of time.
struct ProfilePage {
    typealias Format = ProfileFormat

    /// Columns that have a card of their own, those that say most of the target first.
    private static let cards = 150

    var title: String
    /// Which table, and when the page was made.
    var source: String

    /// The whole page, ending in a newline.
    func render(_ profile: TableProfile) -> String {
        let columns = Array(profile.columns.enumerated())
        return HTMLPage.render(
            title: title, style: comparisonStyle + profileStyle,
            body: """
                <h1>\(escaped(title))</h1>
                <p><small>\(escaped(source))</small></p>
                \(facts(profile))
                \(worries(profile))
                \(profile.target.map { target($0, profile) } ?? "")
                <h2 class="part">Columns</h2>
                \(overview(profile, columns))
                \(profile.temporal.map { time($0, profile) } ?? "")
                \(associations(profile))
                <h2 class="part">One by one</h2>
                \(key(profile))
                <div class="columns">
                \(columns.prefix(Self.cards).map { card($0.offset, $0.element, profile) }.joined(separator: "\n"))
                </div>
                \(leftOut(profile))
                """)
    }

    func escaped(_ text: String) -> String { ComparisonFormat.escaped(text) }

    private func facts(_ profile: TableProfile) -> String {
        var facts = [
            (Format.count(profile.rows), "rows", "\(Format.count(profile.completeRows)) without a missing cell"),
            (Format.count(profile.columnCount), "columns", types(profile)),
            (Format.share(profile.missingShare), "of the cells missing", ""),
            (
                Format.count(profile.duplicates.rows), "repeated rows",
                "\(Format.count(profile.duplicates.features)) by features"
            ),
        ]
        if let target = profile.target {
            facts.append((target.task.rawValue, "target \(Format.name(target.name))", target.balance?.rawValue ?? ""))
        }
        let cards = facts.map { value, name, detail in
            "<div class=\"fact\"><b>\(escaped(value))</b><span>\(escaped(name))</span>"
                + "<small>\(escaped(detail))</small></div>"
        }
        return "<div class=\"facts\">\(cards.joined())</div>"
    }

    private func types(_ profile: TableProfile) -> String {
        SemanticType.allCases.compactMap { type in profile.types[type].map { (count: $0, type: type.rawValue) } }
            .sorted { $0.count > $1.count }.prefix(3).map { "\($0.count) \($0.type)" }.joined(separator: ", ")
    }

    private func worries(_ profile: TableProfile) -> String {
        var parts: [String] = []
        if !profile.suspects.isEmpty {
            let lines = profile.suspects.flatMap { suspect in
                suspect.reasons.map { reason in
                    "<li><b>\(escaped(Format.name(suspect.column)))</b> "
                        + "\(escaped(ProfileSentences.text(reason, task: profile.target?.task)))</li>"
                }
            }
            parts.append(
                "<section class=\"critical\"><h2>Suspects of leakage</h2><ul>\(lines.joined(separator: "\n"))</ul></section>"
            )
        } else if profile.target != nil {
            parts.append("<section class=\"fine\"><h2>No suspect of leakage</h2></section>")
        }
        if !profile.notes.isEmpty {
            let isCalendar = profile.temporal?.isCalendar ?? false
            let lines = profile.notes.map { "<li>\(escaped(ProfileSentences.text($0, isCalendar: isCalendar)))</li>" }
            parts.append(
                "<section class=\"warning\"><h2>Notes</h2><ul>\(lines.joined(separator: "\n"))</ul></section>")
        }
        return parts.joined(separator: "\n")
    }

    private func target(_ target: TargetProfile, _ profile: TableProfile) -> String {
        let shades = ["#2f7d78", "#e08a3c", "#7f9aa8", "#b5651d", "#5b8f4e", "#8e6c9f", "#c9a227", "#4a6fa5"]
        let total = Double(max(1, target.labelled))
        var left = 0.0
        let bars = target.classes.enumerated().map { index, found in
            let share = 100 * Double(found.count) / total
            defer { left += share }
            return """
                <rect x="\(ProfileCharts.fixed(left))" y="0" width="\(ProfileCharts.fixed(share))" height="10" \
                fill="\(shades[index % shades.count])"><title>\(escaped(Format.name(found.name))): \
                \(Format.count(found.count, "row"))</title></rect>
                """
        }
        let names = target.classes.prefix(12).enumerated().map { index, found in
            "<span><i style=\"background: \(shades[index % shades.count])\"></i> \(escaped(Format.name(found.name))) "
                + "\(Format.share(Double(found.count) / total))</span>"
        }
        let picture =
            bars.isEmpty
            ? ""
            : "<svg class=\"classes\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\">\(bars.joined())</svg>"
                + "<p class=\"names\">\(names.joined())</p>"
        return """
            <h2 class="part">Target \(escaped(Format.name(target.name)))</h2>
            <p>\(escaped(ProfileSentences.target(target))).</p>
            \(picture)
            """
    }

    private func key(_ profile: TableProfile) -> String {
        guard let column = profile.columns.first(where: { !$0.cells.targetMeans.isEmpty }), column.relation != nil,
            let target = profile.target
        else { return "" }
        let mean = target.positive.map { "share of \(Format.name($0))" } ?? "mean of \(Format.name(target.name))"
        return "<p class=\"key\"><span class=\"reference\"></span> rows <span class=\"current\"></span> "
            + "\(escaped(mean)) among them</p>"
    }

    private func leftOut(_ profile: TableProfile) -> String {
        let rest = profile.columnCount - min(profile.columns.count, Self.cards)
        guard rest > 0 else { return "" }
        return "<p>\(escaped(Format.count(rest, "more column"))) without a card; "
            + "\(Format.count(profile.columns.count)) of \(Format.count(profile.columnCount)) are in the JSON.</p>"
    }

    /// One line a column.
    private func overview(_ profile: TableProfile, _ columns: [(offset: Int, element: ColumnProfile)]) -> String {
        let hasTarget = profile.target != nil
        let head = hasTarget ? "<th>says of the target</th><th class=\"number\">alone</th>" : ""
        let suspects = Set(profile.suspects.map(\.column))
        let rows = columns.map { place, column in
            let name = escaped(Format.name(column.name))
            let linked = place < Self.cards ? "<a href=\"#column-\(place)\">\(name)</a>" : name
            return """
                <tr class="\(suspects.contains(column.name) ? "critical" : "plain")"><td class="name"><b>\(linked)</b>\
                <br/><small>\(column.type.rawValue)</small></td><td>\(ProfileCharts.small(column))</td>\
                <td class="number">\(ProfileCharts.bar(column.missingShare, "missing"))</td>\
                <td class="number">\(Format.count(column.distinct))</td><td class="middle">\(escaped(middle(column)))</td>\
                \(hasTarget ? information(column, profile) : "")</tr>
                """
        }
        return """
            <table class="overview">
            <tr><th>column</th><th>distribution</th><th class="number">missing</th><th class="number">distinct</th>\
            <th>median [quartiles], or most frequent</th>\(head)</tr>
            \(rows.joined(separator: "\n"))
            </table>
            """
    }

    private func information(_ column: ColumnProfile, _ profile: TableProfile) -> String {
        guard let relation = column.relation else {
            return "<td>\(column.name == profile.target?.name ? "<small>the target</small>" : "–")</td><td></td>"
        }
        let alone =
            relation.auc.map { "AUC \(Format.measure($0))" }
            ?? "\(profile.target?.task == .regression ? "R²" : "loss −") \(Format.share(relation.predictivePower))"
        return "<td>\(ProfileCharts.bar(relation.informationShare ?? 0, "information"))</td>"
            + "<td class=\"number\">\(escaped(alone))</td>"
    }

    private func middle(_ column: ColumnProfile) -> String {
        if let numbers = column.numeric {
            func value(_ value: Double) -> String {
                column.type == .time ? Format.time(value, isCalendar: true) : Format.number(value)
            }
            return "\(value(numbers.median)) [\(value(numbers.quartiles.low)), \(value(numbers.quartiles.high))]"
        }
        guard let top = column.category?.top.first, let count = column.category?.count else { return "–" }
        return "\(Format.name(top.name)) \(Format.share(Double(top.count) / Double(max(1, count))))"
    }
}

let profileStyle = """
    .facts { display: flex; flex-wrap: wrap; gap: 1rem 1.4rem; margin: 1rem 0 1.6rem; }
    .fact { border-left: 4px solid #2f7d78; padding: 0 .9rem; } .fact b { display: block; font-size: 1.5rem; line-height: 1.25; }
    .fact span, .fact small { display: block; } h2.part { font-size: 1.25rem; margin: 2rem 0 .5rem; }
    ul { margin: .3rem 0; padding-left: 1.1rem; } section.fine { border-color: #2f7d78; }
    svg.classes { max-width: none; height: 18px; } .names span { margin-right: 1.4rem; white-space: nowrap; }
    .names i { display: inline-block; width: .7rem; height: .7rem; } .middle { font-size: .9rem; }
    .overview td { padding-top: .3rem; padding-bottom: .3rem; } .overview .name b { color: inherit; font-weight: 600; }
    .overview .name { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 15rem; overflow-wrap: normal; }
    .overview a { text-decoration-color: #c9d3d9; text-underline-offset: 2px; }
    .meter { display: inline-flex; align-items: center; gap: .5rem; font-size: .85rem; }
    .meter svg { width: 90px; height: 9px; } .meter .share { min-width: 3.2rem; text-align: right; }
    .missing .fill { fill: #c98a8a; } .information .fill { fill: #2f7d78; }
    dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .1rem 1rem; margin: .5rem 0 0;
      font-size: .85rem; max-width: 480px; } dl div { display: flex; justify-content: space-between; gap: .5rem; }
    dt { color: #66757f; white-space: nowrap; } .rates { font-size: .8rem; color: #b9670e; max-width: 480px; text-align: right; }
    .beside { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; align-items: flex-start; } dd { margin: 0; font-variant-numeric: tabular-nums; }
    .picture { max-width: 480px; } .picture svg { display: block; } .rate { fill: none; stroke: #e08a3c; stroke-width: 2; }
    .dot { fill: #e08a3c; } .tail { fill: #c9d3d9; } svg.heat { max-width: 900px; height: auto; background: none; }
    svg.heat text { font: 11px system-ui, sans-serif; fill: #44535c; } svg.level { width: 130px; height: 28px; }
    svg.level .rate { stroke-width: 1.5; } .drift td.psi { width: 2.6rem; text-align: center; font-size: .8rem;
      padding: .2rem 0; border: 1px solid #fff; } .drift { margin: .6rem 0; } .drift .name { max-width: 16rem;
      overflow-wrap: anywhere; } .scroll { overflow-x: auto; }

    """
