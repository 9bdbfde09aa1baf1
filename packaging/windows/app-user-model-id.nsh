; By which name Windows groups windows, pins and notifications: the one that app/system/identity.py
; tells it. A notification needs it on the link in the Start menu too, and an installer must put it
; there (learn.microsoft.com: "Application User Model IDs"). $0 to $6 are written over.
!include Win\COM.nsh
!include Win\Propkey.nsh
!include LogicLib.nsh

; Put the name into a property store of Windows; $2 is 0 when it took it.
!macro PUT_APP_USER_MODEL_ID store
  System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r3'
  System::Call 'OLE32::CoTaskMemAlloc(p 256)p.r4'
  System::Call 'KERNEL32::lstrcpyW(p r4, w "${APP_USER_MODEL_ID}")'
  System::Call '*(&i2 ${VT_LPWSTR},&i6,p r4,&i8)p.r5'
  ${IPropertyStore::SetValue} ${store} '(r3,r5).r2'
  !insertmacro PropVariantClear $5
  System::Free $5
  System::Free $3
!macroend

; Make the link at a path that names its target and the name; what cannot be done is left out.
!macro NAME_LINK path
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
  ${If} $0 P<> 0
    ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
    ${If} $1 P<> 0
      ${IPersistFile::Load} $1 '("${path}",${STGM_READWRITE})'
      ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r6)'
      ${If} $6 P<> 0
        !insertmacro PUT_APP_USER_MODEL_ID $6
        ${If} $2 == 0
          ${IPropertyStore::Commit} $6 ""
          ${IPersistFile::Save} $1 '("${path}",1)'
        ${EndIf}
        ${IUnknown::Release} $6 ""
      ${EndIf}
      ${IUnknown::Release} $1 ""
    ${EndIf}
    ${IUnknown::Release} $0 ""
  ${EndIf}
!macroend
