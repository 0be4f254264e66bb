using CommandCenter.Host.Cases;
using CommandCenter.Host.Composition;

namespace CommandCenter.Host.Http;

/// <summary>One example for each request and for the answers that are read most.</summary>
internal static class ApiExamples
{
    public static IReadOnlyDictionary<Type, string> ByType { get; } = new Dictionary<Type, string>
    {
        [typeof(ReportCaseRequest)] =
            """
            {"text":"檬梓桥河雨污混流，污水管网破损，河水发黑发臭。","category":"river-pollution","urgency":"normal","point":{"latitude":29.3421,"longitude":105.5024,"accuracyMetres":12,"system":"wgs84"}}
            """,
        [typeof(FileCaseRequest)] = """{"category":"river-pollution","urgency":"normal","note":"属实,予以立案"}""",
        [typeof(RefuseCaseRequest)] = """{"reason":"duplicate","note":"与 20261121-0003 为同一处"}""",
        [typeof(DispatchCaseRequest)] = """{"post":"village-construction","instructions":"请牵头制定修复方案"}""",
        [typeof(ClaimCaseRequest)] = "{}",
        [typeof(ReturnCaseRequest)] = """{"reason":"该路段由区级管养,不属本岗"}""",
        [typeof(CompleteCaseRequest)] = """{"outcome":"已修复破损的雨污管网 120 米","photos":[]}""",
        [typeof(VerifyCaseRequest)] = """{"passed":true,"note":"现场水质清澈,无异味","photos":[]}""",
        [typeof(RateCaseRequest)] = """{"satisfaction":5,"result":"fixed","comment":"河水变清了"}""",
        [typeof(CloseCaseRequest)] = """{"summary":"管网修复完成,群众满意"}""",
        [typeof(CaseReceipt)] = """{"id":"0199c2f0b1d87c3e9a4b5c6d7e8f9012","version":2,"position":"1:42"}""",
        [typeof(Problem)] =
            """
            {"type":"/problems/case.not_filed","title":"The case is not filed yet; file it first.","status":409,"code":"case.not_filed","message":{"zh":"案件尚未立案，请先立案。","en":"The case is not filed yet; file it first."},"possible":["file","refuse"]}
            """,
    };
}
